import type { Fix } from "../../core/fix.ts";
import type { Invocation, Migration } from "../../topology/topology.ts";
import { isSameDatabase } from "../airflow-migrations.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";
import { waitsFor } from "../waits-for.ts";

/**
 * `mlflow db upgrade` wants MLflow's first tables to be there until 3.13; from 3.14 on it creates them (mlflow #23751,
 * measured with 2.7.1 and 3.17.2). An MLflow server creates them in every version.
 */
export const mlflowUpgradeOnEmptyDatabase = defineRule({
  id: "mlflow-upgrade-on-empty-database",
  group: "readiness",
  severity: "error",
  fix: "behaviour",
  summary: "`mlflow db upgrade` before MLflow 3.14 on a database without tables",
  *check(subject) {
    for (const migration of subject.topology.migrations) yield* judge(subject, migration);
  },
});

function* judge(subject: Subject, migration: Migration): Iterable<Fault> {
  const { product, by, invocation, connection, initialisesEmpty, service } = migration;
  if (product !== "mlflow" || by !== "command" || initialisesEmpty || invocation === undefined) return;
  if (connection?.server === undefined || connection.state.kind === "unknown") return;
  if (!isFatal(subject, invocation) || isInitialised(subject, migration)) return;
  const { project, topology } = subject;
  const labels = placeLabels(project);
  const [word] = invocation.words;
  const version = topology.services[service]?.version;
  const place = word === undefined ? undefined : labels.slice(word, 0, word.text.length, "needs tables that are there");
  yield {
    message: `\`mlflow db upgrade\` of MLflow ${version ?? "before 3.14"} fails on \`${connection.database ?? ""}\`, which is empty at the first start`,
    labels: [
      place ?? labels.service(service, "runs `mlflow db upgrade`"),
      labels.service(connection.server, "creates the database without tables"),
    ],
    services: [service, connection.server],
    evidence: [service, connection.server, connection.database ?? ""],
    // A volume of an earlier run may hold the tables.
    confidence: "likely",
    consequence: 'relation "metrics" does not exist',
    about: [`migration ${connection.app ?? service}`],
    fix: () => planFix(subject, invocation),
  };
}

/** A server or job that creates the tables first, and whose readiness is awaited. */
function isInitialised({ project, topology }: Subject, { service, connection }: Migration): boolean {
  return topology.migrations.some(
    (one) =>
      one.initialisesEmpty &&
      one.connection !== undefined &&
      connection !== undefined &&
      isSameDatabase(one.connection, connection) &&
      waitsFor(project, service, (on, condition) => on === one.service && condition !== "service_started"),
  );
}

/** What follows would not run: `&&`, `set -e`, or nothing follows. */
function isFatal({ project }: Subject, { service, separator, conditional }: Invocation): boolean {
  if (conditional) return false;
  if (separator === "&&" || separator === "") return true;
  const { command, entrypoint } = project.services[service] ?? {};
  const stops = [...(entrypoint ?? []), ...(command ?? [])].some((word) => /^-\w*e\w*$|(^|\s)set\s+-\w*e/.test(word));
  return stops && (separator === ";" || separator === "\n");
}

/** Takes it out of a script that goes on with an MLflow server, which creates and upgrades the tables itself. */
function planFix({ edit, project, topology }: Subject, invocation: Invocation): Fix | undefined {
  const { service } = invocation;
  const all = topology.invocations.filter((one) => one.service === service);
  const isServed = all
    .slice(all.indexOf(invocation) + 1)
    .some(({ program, subcommand }) => program === "mlflow" && subcommand[0] === "server");
  const from = invocation.words[0]?.pieces[0]?.place;
  const last = invocation.words.at(-1)?.pieces.at(-1)?.place;
  if (!isServed || from?.kind !== "value" || last?.kind !== "value") return undefined;
  const [, , key, index] = from.path;
  const words = key === "command" || key === "entrypoint" ? project.services[service]?.[key] : undefined;
  const separator = /^["']?[ \t]*(?:&&|;|\n)\s*/.exec(words?.[Number(index)]?.slice(last.end) ?? "")?.[0];
  if (separator === undefined) return undefined;
  const edits = edit.replaceSlice(from.path, from.start, last.end + separator.length, "");
  return (
    edits && {
      class: "behaviour",
      title: `Leave the tables of \`${service}\` to its MLflow server`,
      edits,
      touches: touchedPaths(project, edits),
    }
  );
}
