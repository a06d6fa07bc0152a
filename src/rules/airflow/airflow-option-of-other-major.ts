import { airflowReleaseOf, isSince } from "../airflow-releases.ts";
import { newOptions, renamedOptions } from "../airflow-renamed-options.ts";
import { airflowVariableName } from "../airflow-settings.ts";
import { placeLabels } from "../label-place.ts";
import { renameVariable } from "../rename-variable.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/** Airflow passes over variables of options it does not have, without a word. */
export const airflowOptionOfOtherMajor = defineRule({
  id: "airflow-option-of-other-major",
  group: "airflow",
  severity: "info",
  fix: "behaviour",
  summary: "An option of Airflow 2 given to Airflow 3, or the reverse",
  hiddenBy: ["ignored-variable"],
  *check(subject) {
    const { topology, project } = subject;
    for (const role of Object.values(topology.services)) {
      const version = airflowReleaseOf(role);
      if (role.product !== "airflow" || version === undefined) continue;
      for (const name of Object.keys(project.services[role.service]?.environment ?? {})) {
        yield* judge(subject, role.service, name, version);
      }
    }
  },
});

function* judge(subject: Subject, service: string, name: string, version: string): Iterable<Fault> {
  const isThree = isSince(version, "3.0.0");
  const options = isThree ? renamedOptions : newOptions;
  const option = optionOf(name);
  if (option === undefined || !Object.hasOwn(options, option)) return;
  const instead = options[option];
  const [section = "", key = ""] = instead?.split(".") ?? [];
  const right = instead === undefined ? undefined : airflowVariableName(section, key);
  // Both are set where one file serves two releases.
  const environment = subject.project.services[service]?.environment ?? {};
  if (right !== undefined && right in environment) return;
  const labels = placeLabels(subject.project);
  const text = right === undefined ? `an option of Airflow ${isThree ? 2 : 3}` : `Airflow ${version} reads ${right}`;
  yield {
    message: `Airflow ${version} of \`${service}\` does not read \`${name}\`, an option of Airflow ${isThree ? 2 : 3}`,
    // A key or an address that does not arrive is not a matter of taste.
    severity: /secret|jwt|url|port/.test(option) ? "warning" : "info",
    labels: [labels.key(["services", service, "environment", name], text) ?? labels.service(service, `sets ${name}`)],
    services: [service],
    evidence: [name],
    about: [`variable ${name}`],
    fix: () => (right === undefined ? undefined : renameVariable(subject, service, name, right)),
  };
}

/** `webserver.secret_key` of `AIRFLOW__WEBSERVER__SECRET_KEY`, `_CMD` and `_SECRET` left off. */
function optionOf(name: string): string | undefined {
  const [, section = "", key = ""] = /^AIRFLOW__([A-Z0-9_]+?)__([A-Z0-9_]+?)(?:_CMD)?$/.exec(name) ?? [];
  return key === "" ? undefined : `${section.toLowerCase()}.${key.toLowerCase()}`;
}
