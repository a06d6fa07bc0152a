import { compareReleaseVersions } from "../../catalog/compare-release-versions.ts";
import type { Fix } from "../../core/fix.ts";
import type { EditStep } from "../../edit/edit-kit.ts";
import type { App } from "../../topology/topology.ts";
import { planWait } from "../plan-wait.ts";
import { placeLabels } from "../label-place.ts";
import { longRunning, metadataOf, migrationsOf } from "../airflow-migrations.ts";
import { defineRule, type Subject } from "../rule.ts";
import { unmigratedLine } from "../unmigrated-line.ts";

/** Airflow's components end at once on a database without its tables, and nothing in this project makes them. */
export const migrationMissing = defineRule({
  id: "migration-missing",
  group: "readiness",
  severity: "error",
  fix: "behaviour",
  summary: "Nothing creates Airflow's tables",
  *check(subject) {
    for (const app of subject.topology.apps) if (app.product === "airflow") yield* judge(subject, app);
  },
});

function* judge(subject: Subject, app: App) {
  const { project, topology } = subject;
  const components = longRunning(topology, app);
  const [first] = components;
  const connection = first === undefined ? undefined : metadataOf(topology, first);
  if (first === undefined || connection?.server === undefined) return;
  if (migrationsOf(topology, connection).length > 0 || app.services.some((one) => isUnread(subject, one))) return;
  const labels = placeLabels(project);
  const behindProfile = Object.entries(project.disabledServices).find(
    ([, { command, environment }]) =>
      Object.keys(environment).some((name) => /^_AIRFLOW_DB_(MIGRATE|UPGRADE)$/.test(name)) ||
      /\bdb\s+(migrate|upgrade|init)\b/.test((command ?? []).join(" ")),
  )?.[0];
  yield {
    message:
      behindProfile === undefined
        ? `Nothing creates Airflow's tables in \`${connection.database ?? ""}\` on \`${connection.server}\``
        : `Only \`${behindProfile}\` creates Airflow's tables, and none of its profiles is active`,
    labels: [
      labels.service(first, "needs the tables"),
      labels.service(connection.server, "its database is empty at first"),
    ] as const,
    services: [...components, connection.server],
    evidence: [app.id, connection.server, connection.database ?? ""],
    ...(behindProfile === undefined ? {} : { severity: "warning" as const }),
    // Somebody may have migrated it by hand.
    confidence: "likely" as const,
    consequence: unmigratedLine(app.version),
    about: [`migration ${app.id}`],
    fix: () => (behindProfile === undefined ? planFix(subject, app, components) : undefined),
  };
}

/** A program that could migrate and that nobody can read: a script of the image, Python code, a supervisor. */
function isUnread({ project, topology }: Subject, service: string): boolean {
  if (project.services[service]?.incomplete !== undefined) return true;
  const known = new Set([
    "airflow",
    "bash",
    "sh",
    "echo",
    "exec",
    "sleep",
    "export",
    "cd",
    "mkdir",
    "chown",
    "chmod",
    "pip",
    "set",
    "nc",
    "curl",
    "wget",
    "pg_isready",
    "psql",
  ]);
  return topology.invocations.some((one) => one.service === service && !known.has(one.program));
}

/**
 * The image's entry point migrates before the command runs: that of the web server, for whose health the others then wait.
 */
function planFix(subject: Subject, app: App, components: readonly string[]): Fix | undefined {
  const { edit, project, topology } = subject;
  const ids = ["webserver", "api-server"];
  const web = components.find((one) => ids.includes(topology.services[one]?.component?.id ?? ""));
  const role = web === undefined ? undefined : topology.services[web];
  if (web === undefined || role?.base?.product !== "airflow") return undefined;
  if (project.services[web]?.entrypoint != null || role.dockerfile?.entrypoint !== undefined) return undefined;
  const isOld = /^\d/.test(app.version) && compareReleaseVersions(app.version, "2.7.0") < 0;
  const variable = isOld ? "_AIRFLOW_DB_UPGRADE" : "_AIRFLOW_DB_MIGRATE";
  const migrate: EditStep = (kit) => kit.setEnvironment(web, variable, "true");
  const others = components.filter((one) => one !== web);
  const waiting =
    others.length === 0 ? undefined : planWait(subject, others, web, { until: "healthy", steps: [migrate] });
  const edits = others.length === 0 ? migrate(edit) : waiting?.edits;
  return (
    edits && {
      class: "behaviour",
      title: `Let the entry point of \`${web}\` create the tables`,
      edits,
      touches: [...(waiting?.touches ?? []), ["services", web, "environment"]],
    }
  );
}
