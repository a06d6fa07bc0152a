import { placeLabels } from "../label-place.ts";
import { groupByPlace } from "../group-by-place.ts";
import { bakeRequirements } from "../bake-requirements.ts";
import { defineRule } from "../rule.ts";

/** The image's entry point itself says of `_PIP_ADDITIONAL_REQUIREMENTS` that it is for tests only (entrypoint_prod.sh). */
export const airflowPipAtStart = defineRule({
  id: "airflow-pip-at-start",
  group: "readiness",
  severity: "warning",
  fix: "behaviour",
  summary: "Airflow containers that install packages at every start",
  *check(subject) {
    const { project, topology } = subject;
    const labels = placeLabels(project);
    const found = Object.values(topology.services).flatMap(({ service, base, environment }) => {
      if (base?.product !== "airflow") return [];
      const variable = (environment["_PIP_ADDITIONAL_REQUIREMENTS"] ?? "").trim();
      const path = ["services", service, "environment", "_PIP_ADDITIONAL_REQUIREMENTS"];
      const byVariable =
        variable === ""
          ? undefined
          : (labels.key(path, "installed at every start") ?? labels.service(service, "installs at every start"));
      const install = topology.invocations.find(
        (one) => one.service === service && /^pip3?$/.test(one.program) && one.subcommand[0] === "install",
      );
      const word = install?.words[0];
      const byCommand =
        word === undefined
          ? undefined
          : (labels.slice(word, 0, word.text.length, "installed at every start") ??
            labels.service(service, "installs at every start"));
      const label = byVariable ?? byCommand;
      return label === undefined ? [] : [{ service, label }];
    });
    for (const group of groupByPlace(found)) {
      const services = group.map(({ service }) => service);
      yield {
        message: `${services.map((name) => `\`${name}\``).join(", ")} ${services.length === 1 ? "installs" : "install"} Python packages at every start`,
        labels: [group[0].label],
        services,
        evidence: services,
        notes: [
          "Each start takes longer, needs the package index, and may get other versions than the last one",
          "Packages belong into an image: `FROM` the Airflow image, then `RUN pip install`",
        ],
        fix: () => bakeRequirements(subject, services),
      };
    }
  },
});
