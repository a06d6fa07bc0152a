import { endOfLifeDates } from "../../catalog/postgres/end-of-life.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule } from "../rule.ts";

/** A major version that gets no security fixes any more. Moving on needs a dump and a restore, so there is no fix. */
export const postgresEndOfLife = defineRule({
  id: "postgres-end-of-life",
  group: "postgres",
  severity: "info",
  fix: undefined,
  summary: "A PostgreSQL major version that is past its end of life",
  *check({ project, topology, options }) {
    const labels = placeLabels(project);
    for (const { service, major } of topology.servers) {
      const end = endOfLifeDates[major];
      if (end === undefined || options.today < end) continue;
      yield {
        message: `PostgreSQL ${major} of \`${service}\` gets no fixes any more`,
        labels: [
          labels.value(["services", service, "image"], `ended on ${end}`) ?? labels.service(service, `ended on ${end}`),
        ],
        services: [service],
        evidence: [service, String(major)],
        notes: ["Another major version cannot read this volume: it takes a dump and a restore"],
      };
    }
  },
});
