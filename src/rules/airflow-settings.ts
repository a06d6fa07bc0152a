import { containerFiles } from "../topology/container-file.ts";
import { readIni } from "../topology/read-ini.ts";
import type { TracedText } from "../topology/traced-text.ts";
import { findBlankUses } from "./find-blank-uses.ts";
import { mountOf } from "./kept-paths.ts";
import type { Subject } from "./rule.ts";

/**
 * What Airflow of one service reads for an option.
 *
 * - `written`: a text; by its variable, or in an airflow.cfg of the project
 * - `unset`: nothing, so that Airflow takes its default or draws a value
 * - `unknown`: a blank variable, `_CMD`, `_SECRET`, a missing env file, a configuration file that cannot be read
 */
export type AirflowSetting =
  | { readonly kind: "written"; readonly text: TracedText; readonly variable: string | undefined }
  | { readonly kind: "unset" }
  | { readonly kind: "unknown" };

/** Looks in Airflow's own order: AIRFLOW__SECTION__KEY, `_CMD`, `_SECRET`, then airflow.cfg. */
export function airflowSetting(subject: Subject, service: string, section: string, key: string): AirflowSetting {
  const { topology, project } = subject;
  const variable = airflowVariableName(section, key);
  const written = topology.services[service]?.environmentText.get(variable);
  const path = ["services", service, "environment", variable];
  const isBlank = findBlankUses(project).some((use) => path.every((key, at) => use.path?.[at] === key));
  if (isBlank) return { kind: "unknown" };
  if (written !== undefined) {
    const isComputed = written.pieces.some(({ place }) => place.kind === "computed" || place.kind === "unset");
    return isComputed ? { kind: "unknown" } : { kind: "written", text: written, variable };
  }
  const { environment = {}, incomplete = [], env_file: files = [] } = project.services[service] ?? {};
  if (`${variable}_CMD` in environment || `${variable}_SECRET` in environment || variable in environment)
    return { kind: "unknown" };
  const isMissing = files.some(({ path }) => subject.sources.kindOf(path) === "missing");
  if (incomplete.length > 0 || isMissing || isSetInCommand(subject, service, variable)) return { kind: "unknown" };
  return fromFile(subject, service, `${section}.${key}`);
}

export function airflowVariableName(section: string, key: string): string {
  return `AIRFLOW__${section.toUpperCase()}__${key.toUpperCase()}`;
}

/** A script that exports the variable before it starts Airflow. */
function isSetInCommand({ topology }: Subject, service: string, variable: string): boolean {
  return topology.invocations.some((one) => one.service === service && one.variables.has(variable));
}

function fromFile(subject: Subject, service: string, key: string): AirflowSetting {
  const { project, topology, sources } = subject;
  const role = topology.services[service];
  const own = project.services[service];
  if (role === undefined || own === undefined) return { kind: "unknown" };
  const home = role.environment["AIRFLOW_HOME"] ?? "/opt/airflow";
  const path = role.environment["AIRFLOW_CONFIG"] ?? `${home}/airflow.cfg`;
  const file = containerFiles(project, own, role.dockerfile, sources).read(path);
  if (file.kind === "text") {
    const text = readIni(file.text).get(key);
    return text === undefined || text.text === "" ? { kind: "unset" } : { kind: "written", text, variable: undefined };
  }
  // In a mounted directory Airflow writes one with values of its own, which all services then read.
  return mountOf(subject, service, path) === undefined ? { kind: "unset" } : { kind: "unknown" };
}
