import { endedSeries } from "../../catalog/ended-series.ts";
import { labelImage } from "../label-image.ts";
import { defineRule } from "../rule.ts";

/** A series of releases that gets no security fixes any more. */
export const productEndOfLife = defineRule({
  id: "product-end-of-life",
  group: "images",
  severity: "info",
  fix: undefined,
  summary: "A series of releases that gets no fixes any more",
  *check(subject) {
    const { topology, options } = subject;
    for (const app of topology.apps) {
      const [service] = app.services;
      const ended = endedSeries.find(
        ({ product, series, on }) => product === app.product && app.version.startsWith(series) && on <= options.today,
      );
      if (service === undefined || ended === undefined) continue;
      const series = ended.series.replace(/\.$/, "");
      yield {
        message: `Airflow ${series}, of which this project runs ${app.version}, gets no fixes any more`,
        labels: [labelImage(subject, service, `ended on ${ended.on}`)],
        services: [...app.services],
        evidence: [app.product, series],
      };
    }
  },
});
