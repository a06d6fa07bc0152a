import type { App, Migration } from "../../topology/topology.ts";
import { isSameDatabase, longRunning, metadataOf } from "../airflow-migrations.ts";
import { groupByPlace } from "../group-by-place.ts";
import { placeLabels } from "../label-place.ts";
import { planWait } from "../plan-wait.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { unmigratedLine } from "../unmigrated-line.ts";
import { waitsFor } from "../waits-for.ts";

/** An Airflow component that is started while the tables are still being made ends at once. */
export const migrationNotAwaited = defineRule({
  id: "migration-not-awaited",
  group: "readiness",
  severity: "error",
  fix: "behaviour",
  summary: "An Airflow component that does not wait for the migration",
  *check(subject) {
    for (const app of subject.topology.apps) if (app.product === "airflow") yield* judge(subject, app);
  },
});

function* judge(subject: Subject, app: App): Iterable<Fault> {
  const { project, topology } = subject;
  const labels = placeLabels(project);
  const early = longRunning(topology, app).flatMap((service) => {
    const connection = metadataOf(topology, service);
    const migrations = topology.migrations.filter(
      (one) => connection !== undefined && one.connection !== undefined && isSameDatabase(one.connection, connection),
    );
    const [migration] = migrations.toSorted(
      (left, right) => Number(isJob(subject, right)) - Number(isJob(subject, left)),
    );
    if (migration === undefined || migrations.some((one) => isAwaited(subject, service, one))) return [];
    const written = project.services[service]?.depends_on[migration.service];
    const label =
      (written &&
        labels.key(["services", service, "depends_on", migration.service], "waits only until its container runs")) ??
      labels.service(service, "does not wait for the migration");
    return [{ service, migration, label }];
  });
  for (const group of groupByPlace(early)) {
    const [{ migration, label }] = group;
    const services = group.map(({ service }) => service);
    const restarts = services.every((service) => (project.services[service]?.restart ?? "no") !== "no");
    yield {
      message: `${services.map((name) => `\`${name}\``).join(", ")} ${services.length === 1 ? "does" : "do"} not wait until \`${migration.service}\` has made Airflow's tables`,
      labels: [label, labels.service(migration.service, "makes the tables")],
      services: [...services, migration.service],
      evidence: [migration.service, ...services],
      ...(restarts ? { severity: "warning" } : {}),
      // Which of them is faster on the first start is not in the files.
      confidence: "likely",
      consequence: unmigratedLine(app.version),
      notes: restarts ? ["Its restart policy starts it again until the tables are there"] : [],
      about: services.map((service) => `migration of ${service}`),
      fix: () =>
        planWait(subject, services, migration.service, { until: isJob(subject, migration) ? "successful" : "healthy" }),
    };
  }
}

function isJob({ topology }: Subject, { service }: Migration): boolean {
  return topology.services[service]?.oneShot === true;
}

/** Its end is awaited, or the health of a service that migrates before it serves, or the script checks for itself. */
function isAwaited(subject: Subject, service: string, migration: Migration): boolean {
  const { project, topology } = subject;
  if (migration.service === service) return true;
  const checks = topology.invocations.some(
    ({ service: by, program, subcommand }) =>
      by === service && program === "airflow" && subcommand.join(" ").startsWith("db check-migrations"),
  );
  return (
    checks || waitsFor(project, service, (on, condition) => on === migration.service && condition !== "service_started")
  );
}
