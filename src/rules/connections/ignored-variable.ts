import { compareReleaseVersions } from "../../catalog/compare-release-versions.ts";
import { suggestKey } from "../../compose/suggest-key.ts";
import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import { airflowOptionSections, airflowSections } from "../airflow-option-sections.ts";
import { placeLabels } from "../label-place.ts";
import { renameVariable } from "../rename-variable.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { airflowDatabaseUrl } from "../airflow-database-url.ts";
import { touchedPaths } from "../touched-paths.ts";

/**
 * Airflow reads `AIRFLOW__SECTION__KEY` and nothing near it (airflow/configuration.py). Without a database it takes
 * `sqlite:////opt/airflow/airflow.db`, in each container one of its own.
 */
export const ignoredVariable = defineRule({
  id: "ignored-variable",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A variable that Airflow does not read, so that it falls back to sqlite or a default",
  *check(subject) {
    for (const { product, service } of Object.values(subject.topology.services)) {
      if (product !== "airflow") continue;
      const names = Object.keys(subject.project.services[service]?.environment ?? {});
      const [first, ...others] = fallsBack(subject, service) ? names.filter(tellsDatabase) : [];
      if (first !== undefined) yield judgeDatabase(subject, service, [first, ...others]);
      for (const name of names) yield* judgeName(subject, service, name);
    }
  },
});

function judgeDatabase(subject: Subject, service: string, names: readonly [string, ...string[]]): Fault {
  const [name, ...others] = names;
  const right = names.find((one) => rightDatabaseName(one) !== undefined);
  return {
    message: `Airflow does not read ${names.map((one) => `\`${one}\``).join(", ")}, so \`${service}\` keeps its tables in a sqlite file inside its container`,
    labels: [labelName(subject, service, name), ...others.map((one) => labelName(subject, service, one))],
    services: [service],
    evidence: ["database"],
    about: [`connection ${service} metadata`],
    consequence: "DB: sqlite:////opt/airflow/airflow.db",
    fix: () =>
      right === undefined
        ? nameDatabase(subject, service)
        : renameVariable(subject, service, right, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"),
  };
}

function labelName({ project }: Subject, service: string, name: string): Label {
  const place = placeLabels(project);
  const text = rightDatabaseName(name) ?? "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN";
  return (
    place.key(["services", service, "environment", name], `Airflow reads ${text}`) ??
    place.service(service, `sets ${name}`)
  );
}

function* judgeName(subject: Subject, service: string, name: string): Iterable<Fault> {
  const { project, topology } = subject;
  const right = tellsDatabase(name) ? undefined : rightName(name, topology.services[service]?.version ?? "");
  if (right === undefined) return;
  const place = placeLabels(project);
  yield {
    severity: "warning",
    message: `Airflow does not read \`${name}\`, so \`${service}\` runs with the default`,
    labels: [
      place.key(["services", service, "environment", name], `Airflow reads ${right}`) ??
        place.service(service, `sets ${name}`),
    ],
    services: [service],
    evidence: [name],
    about: [`variable ${name}`],
    fix: () => renameVariable(subject, service, name, right),
  };
}

/** Variables that people write for Airflow's database: bitnami's, other frameworks', and misspelt ones. */
function tellsDatabase(name: string): boolean {
  if (/^AIRFLOW__(DATABASE|CORE)__SQL_ALCHEMY_CONN(_CMD|_SECRET|_ASYNC)?$/.test(name)) return false;
  return (
    /^AIRFLOW_*(DB|DATABASE|POSTGRES)_*(HOST|NAME|URL|URI|CONN|CONNECTION|SQL_ALCHEMY_CONN)$/.test(name) ||
    /^(AIRFLOW_+\w+_)?_?SQL_ALCHEMY_CONN$/.test(name)
  );
}

function rightDatabaseName(name: string): string | undefined {
  return /(SQL_ALCHEMY_CONN|URL|URI|CONN|CONNECTION)$/.test(name) ? "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" : undefined;
}

/** `AIRFLOW__WEBSEVER__SECRET_KEY`, `AIRFLOW__SECRETS__JWT_SECRET`: a misspelt section, or a wrong one for the key. */
function rightName(name: string, version: string): string | undefined {
  const [, section = "", key = ""] = /^AIRFLOW__([A-Z0-9_]+?)__([A-Z0-9_]+)$/.exec(name) ?? [];
  if (key === "") return undefined;
  const written = section.toLowerCase();
  const holding = airflowOptionSections[key.toLowerCase().replace(/_(cmd|secret)$/, "")];
  if (holding?.includes(written) ?? airflowSections.includes(written)) return undefined;
  const near = suggestKey(written, holding ?? airflowSections);
  const newest = compareReleaseVersions(version, "3.0.0") >= 0 ? holding?.[0] : holding?.at(-1);
  const right = near ?? newest;
  return right === undefined ? undefined : `AIRFLOW__${right.toUpperCase()}__${key}`;
}

function fallsBack({ topology }: Subject, service: string): boolean {
  const connection = topology.connections.find((one) => one.service === service && one.role === "metadata");
  return connection === undefined ? false : connection.via === "default";
}

/** The address of the server that is there, in the variable that Airflow reads. */
function nameDatabase(subject: Subject, service: string): Fix | undefined {
  const { edit, topology, project } = subject;
  const app = topology.apps.find(({ services }) => services.includes(service));
  const url = airflowDatabaseUrl(subject, service);
  if (app === undefined || url === undefined) return undefined;
  const edits = edit.setEnvironment(app.services, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", url);
  if (edits === undefined) return undefined;
  const touches = app.services.map((one) => ["services", one, "environment", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]);
  const extensions = Object.keys(project.extensions).map((one) => [one, "environment"]);
  const title = `Connect ${app.services.join(", ")} to PostgreSQL by AIRFLOW__DATABASE__SQL_ALCHEMY_CONN`;
  return { class: "behaviour", title, edits, touches: [...touches, ...extensions, ...touchedPaths(project, edits)] };
}
