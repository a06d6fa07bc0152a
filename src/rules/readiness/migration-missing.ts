import type { App } from "../../topology/topology.ts";
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
    fix: () => planFix(subject, components, first),
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

/** The image's entry point migrates before the command runs. Only where no other component would have to wait for it. */
function planFix({ edit }: Subject, components: readonly string[], service: string) {
  if (components.length > 1) return undefined;
  const edits = edit.setEnvironment(service, "_AIRFLOW_DB_MIGRATE", "true");
  return (
    edits && {
      class: "behaviour" as const,
      title: `Let the entry point of \`${service}\` create the tables`,
      edits,
      touches: [["services", service, "environment"]],
    }
  );
}
