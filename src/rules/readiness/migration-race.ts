import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { Migration } from "../../topology/topology.ts";
import { groupBy } from "../../core/group-by.ts";
import { planWait } from "../plan-wait.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { waitsFor } from "../waits-for.ts";

/** Services that migrate one database at the same time: one holds Alembic's lock, the others give up or collide. */
export const migrationRace = defineRule({
  id: "migration-race",
  group: "readiness",
  severity: "warning",
  fix: "behaviour",
  summary: "Several services migrate one database at the same time",
  *check(subject) {
    const known = subject.topology.migrations.filter(({ connection }) => connection?.state.kind === "known");
    const byDatabase = groupBy(known, ({ product, connection }) =>
      [product, connection?.server, connection?.database, connection?.schema].join("\n"),
    );
    for (const migrations of byDatabase.values()) {
      yield* judge(subject, [...new Map(migrations.map((one) => [one.service, one])).values()]);
    }
  },
});

function* judge(subject: Subject, migrations: readonly Migration[]): Iterable<Fault> {
  const racing = migrations.filter((one) =>
    migrations.some((other) => other !== one && !isOrdered(subject, one, other)),
  );
  const [first] = racing;
  if (first?.connection === undefined) return;
  const services = racing.map(({ service }) => service);
  const labels: readonly Label[] = racing.map((one) => placeOf(subject, one));
  const [label, ...others] = labels;
  if (label === undefined) return;
  const { server, database = "" } = first.connection;
  yield {
    message: `${services.map((name) => `\`${name}\``).join(", ")} all migrate \`${database}\`${server === undefined ? "" : ` on \`${server}\``} at the same time`,
    labels: [label, ...others.filter(({ span }) => span.start !== label.span.start || span.file !== label.span.file)],
    services,
    evidence: [server ?? "", database, ...services],
    // MLflow servers meet only on an empty database, once.
    ...(racing.every(({ by }) => by === "server-start") ? { severity: "info" } : {}),
    ...(first.product === "airflow" ? { consequence: "canceling statement due to lock timeout" } : {}),
    about: [`database ${server ?? ""}/${database}/${first.connection.schema ?? "public"}`],
    fix: () => awaitJob(subject, services),
  };
}

/** Where one of them is a job the others wait for it. Without one somebody has to say which service is to migrate. */
function awaitJob(subject: Subject, services: readonly string[]): Fix | undefined {
  const jobs = services.filter((service) => subject.topology.services[service]?.oneShot === true);
  const [job] = jobs;
  if (job === undefined || jobs.length > 1) return undefined;
  const others = services.filter((service) => service !== job);
  return planWait(subject, others, job, { until: "successful" });
}

function isOrdered({ project }: Subject, one: Migration, other: Migration): boolean {
  const awaits = (service: string, on: string) =>
    waitsFor(project, service, (name, condition) => name === on && condition !== "service_started");
  return awaits(one.service, other.service) || awaits(other.service, one.service);
}

function placeOf({ project }: Subject, { service, by, invocation }: Migration): Label {
  const labels = placeLabels(project);
  const [word] = invocation?.words ?? [];
  const variable = ["_AIRFLOW_DB_MIGRATE", "_AIRFLOW_DB_UPGRADE"].flatMap((name) =>
    by === "variable" ? (labels.key(["services", service, "environment", name], "migrates at every start") ?? []) : [],
  )[0];
  return (
    variable ??
    (word === undefined ? undefined : labels.slice(word, 0, word.text.length, `\`${service}\` migrates here`)) ??
    labels.service(service, "migrates at its start")
  );
}
