import type { UnitSpec } from "../engine/native/unit.ts";
import type { SqlTarget } from "../ports/sql.ts";
import { probeVersionRow } from "../probe/probe-version-row.ts";
import type { AlembicChain } from "../supply/supply.ts";
import type { ServiceRole } from "../topology/topology.ts";
import { assertMigrated } from "./assert-migrated.ts";
import { awaitJob } from "./await-job.ts";
import type { BringUpContext } from "./bring-up-context.ts";
import { loadJobRecord, writeJobRecord } from "./job-record.ts";
import { migrationTarget } from "./migration-target.ts";
import { seedDatabase } from "./seed-database.ts";
import { logSize, unitFailure } from "./unit-failure.ts";

/**
 * Runs a one-shot to its end. It is left out when it already succeeded with the same definition and, for a migration,
 * the schema is at the installed head; an empty database that it would migrate is filled from a template when one fits,
 * which replaces a job that does nothing else. After a migration that exits 0 the version row is checked: the image's
 * entrypoint hides failures behind `|| true`.
 */
export async function runJob(up: BringUpContext, role: ServiceRole, spec: UnitSpec): Promise<void> {
  const { session, client } = up;
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
    if (schema !== undefined) await assertMigrated(sql, schema, service, "was restored from a template");
    await writeJobRecord(session, service, { hash: spec.hash, how: "restored" });
    return complete("migrated from a template");
  }
  if (record !== undefined && record.hash !== spec.hash) up.replaced.add(service);
  const logFrom = await logSize(files, spec.logFile);
  await awaitJob(up, role, {
    hash: spec.hash,
    since: clock.now(),
    start: () => {
      up.started.push(service);
      return client.start(spec, up.signal);
    },
    failure: (what) => unitFailure(files, { service, what, logFile: spec.logFile, logFrom }),
    verify: async () => {
      if (schema !== undefined) await assertMigrated(sql, schema, service, "exited with 0");
      await seed?.keep();
    },
  });
}

interface MigratedSchema {
  readonly target: SqlTarget;
  readonly chain: AlembicChain;
}

/** The database a migration job migrates and the history it should end with; undefined for other jobs. */
function migratedSchema({ session, supplies, ports }: BringUpContext, role: ServiceRole): MigratedSchema | undefined {
  const target = migrationTarget(session, ports, role);
  const chain = supplies.environments.get(role.service)?.alembic.find((one) => one.versionTable === "alembic_version");
  return target === undefined || chain === undefined ? undefined : { target, chain };
}
