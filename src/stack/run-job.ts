import { ToolError } from "../core/tool-error.ts";
import { connectionTarget } from "../engine/connection-target.ts";
import type { UnitSpec } from "../engine/native/unit.ts";
import type { SqlTarget } from "../ports/sql.ts";
import { probeVersionRow } from "../probe/probe-version-row.ts";
import type { AlembicChain } from "../supply/supply.ts";
import { storeConnection } from "../topology/store-connection.ts";
import type { ServiceRole } from "../topology/topology.ts";
import type { BringUpContext } from "./bring-up-context.ts";
import { loadJobRecord, writeJobRecord } from "./job-record.ts";
import { seedDatabase } from "./seed-database.ts";
import { migrates } from "./migrates.ts";
import { logSize, unitFailure } from "./unit-failure.ts";
import { isOver, isSince } from "./unit-watch.ts";

/**
 * Runs a one-shot to its end. It is left out when it already succeeded with the same definition and, for a migration,
 * the schema is at the installed head; an empty database that it would migrate is filled from a template when one fits,
 * which replaces a job that does nothing else. After a migration that exits 0 the version row is checked: the image's
 * entrypoint hides failures behind `|| true`.
 */
export async function runJob(up: BringUpContext, role: ServiceRole, spec: UnitSpec): Promise<void> {
  const { session, watch, client } = up;
  const { files, clock, sql } = session.home.ports;
  const { service } = role;
  const schema = migratedSchema(up, role);
  const begun = clock.now();
  const complete = (detail: string): void =>
    session.home.emit({ type: "service", service, state: "completed", detail, seconds: (clock.now() - begun) / 1000 });

  const record = await loadJobRecord(session, service);
  const atHead = schema === undefined || (await probeVersionRow(sql, schema.target, schema.chain)).state === "fine";
  if (record?.hash === spec.hash && atHead) return complete("done before");

  const seed = await seedDatabase(up, role);
  if (seed?.replacesJob === true) {
    if (schema !== undefined) await verifySchema(up, service, schema, "was restored from a template");
    await writeJobRecord(session, service, { hash: spec.hash, how: "restored" });
    return complete("migrated from a template");
  }
  if (record !== undefined && record.hash !== spec.hash) up.replaced.add(service);
  const logFrom = await logSize(files, spec.logFile);
  session.home.emit({
    type: "service",
    service,
    state: "running",
    detail: role.component?.id === "migration" ? "migrating" : "running",
  });
  up.waiting.set(service, "its own end");
  up.started.push(service);
  // Its last run's status is still known: only one that started after ours counts.
  const startedAfter = clock.now() - 1;
  const started = await client.start(spec, up.signal);
  const status =
    isOver(started) && isSince(started, startedAfter)
      ? started
      : await watch.until(
          service,
          (one) => one.hash === spec.hash && isOver(one) && isSince(one, startedAfter),
          up.signal,
        );
  if (status.exitCode !== 0) {
    const what = `exited with code ${status.exitCode ?? "unknown"}`;
    session.home.emit({ type: "service", service, state: "exited", detail: what });
    throw await unitFailure(files, { service, what, logFile: spec.logFile, logFrom });
  }
  if (schema !== undefined) await verifySchema(up, service, schema, "exited with 0");
  await seed?.keep();
  await writeJobRecord(session, service, { hash: spec.hash, how: "ran" });
  complete("done");
}

interface MigratedSchema {
  readonly target: SqlTarget;
  readonly chain: AlembicChain;
}

/** The database a migration job migrates and the history it should end with; undefined for other jobs. */
function migratedSchema(up: BringUpContext, role: ServiceRole): MigratedSchema | undefined {
  const { session, supplies, ports } = up;
  if (!migrates(role)) return undefined;
  const connection = storeConnection(session.topology, role.service);
  const target = connection === undefined ? undefined : connectionTarget(session, ports, connection);
  const chain = supplies.environments.get(role.service)?.alembic.find((one) => one.versionTable === "alembic_version");
  return target === undefined || chain === undefined ? undefined : { target, chain };
}

async function verifySchema(up: BringUpContext, service: string, schema: MigratedSchema, how: string): Promise<void> {
  const outcome = await probeVersionRow(up.session.home.ports.sql, schema.target, schema.chain);
  if (outcome.state === "fine") return;
  throw new ToolError("STACK_FAILED", `${service} ${how}, but the database is not migrated: ${outcome.reason}.`, {
    hint: `bulkhead logs ${service}`,
    exitCode: 1,
    detail: { service },
  });
}
