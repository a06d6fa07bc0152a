import { join } from "node:path";

import type { Emit } from "../../core/event.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import type { BackedUpDatabase, BackedUpServer } from "./backup-manifest.ts";
import { singleDump } from "./archive-names.ts";
import { assertMayRestore } from "./assert-may-restore.ts";
import { createMissingRoles } from "./create-missing-roles.ts";
import { jobsForBytes } from "./jobs-for.ts";
import { progressText } from "./progress-text.ts";
import type { ArchiveReader } from "./read-archive.ts";
import { removeScratch, restoreToScratch, scratchMark } from "./restore-to-scratch.ts";
import { quoteName } from "../quote-sql.ts";
import { inUse, sessionsQuery } from "./sessions-in-use.ts";
import { swapDatabases } from "./swap-databases.ts";

/** A server and what is restored to it. */
export interface RestoreTarget {
  readonly access: ServerAccess;
  /** What the backup says of the server its databases come from. */
  readonly from: BackedUpServer;
  readonly databases: readonly BackedUpDatabase[];
}

export interface RestoreRequest {
  readonly archive: ArchiveReader;
  readonly targets: readonly RestoreTarget[];
  /** Where dumps are unpacked, one at a time; made and removed. */
  readonly workDirectory: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface RestoredDatabase {
  readonly server: string;
  readonly name: string;
  readonly tables: number;
  readonly rows: number;
  /** What the database that had the name is called now; null: there was none, or it held no table and was dropped. */
  readonly aside: string | null;
  /** Who may drop that. */
  readonly role: string;
}

export interface RestoreSummary {
  readonly databases: readonly RestoredDatabase[];
  /** Roles that were made. They have no password: a backup holds none. */
  readonly roles: readonly string[];
}

/**
 * Restores databases beside the present ones, compares them with the backup, and only then gives them their names, all of a
 * server at once. What had the names is kept under others. Killed at any point it leaves the present databases as they are,
 * or all new ones; what it left half-done is removed by the next restore. ToolErrors as its parts throw, BACKUP_REFUSED for a
 * server too old for the dump.
 */
export async function restoreBackup(
  io: Pick<Ports, "files" | "clock" | "host">,
  request: RestoreRequest,
): Promise<RestoreSummary> {
  const { archive, targets, workDirectory, signal } = request;
  const restored: RestoredDatabase[] = [];
  const roles: string[] = [];
  const stamp = new Date(io.clock.now()).toISOString().replace(/\D/g, "").slice(0, 14);
  for (const target of targets) {
    await assertReadable(target, signal);
    await assertReplaceable(target, signal);
  }
  for (const { databases } of targets) {
    for (const { directory } of databases) await archive.verify(`${directory}/`, signal);
  }
  await io.files.remove(workDirectory);
  await io.files.makeDirectory(workDirectory, { mode: 0o700 });
  try {
    for (const target of targets) {
      roles.push(...(await createMissingRoles(target.access, target.from.roles, signal)));
      await removeLeftovers(target.access, signal);
      restored.push(...(await restoreServer(io, request, target, stamp)));
    }
    return { databases: restored, roles };
  } finally {
    await io.files.remove(workDirectory);
  }
}

async function restoreServer(
  io: Pick<Ports, "files" | "clock" | "host">,
  request: RestoreRequest,
  target: RestoreTarget,
  stamp: string,
): Promise<readonly RestoredDatabase[]> {
  const { access, databases } = target;
  const { signal } = request;
  const swaps = databases.map((database, at) => ({
    database,
    scratch: `bulkhead_restore_${stamp}_${at + 1}`,
    aside: nameAside(database.name, stamp),
  }));
  try {
    for (const swap of swaps) await restoreOne(io, request, target, swap);
    const session = await access.connect("postgres", signal);
    try {
      const aside = new Set(await swapDatabases(session, access.label, swaps));
      const found: RestoredDatabase[] = [];
      for (const swap of swaps) {
        const isKept = aside.has(swap.aside) && (await holdsTables(access, swap.aside, signal));
        if (aside.has(swap.aside) && !isKept) await session.query(`DROP DATABASE ${quoteName(swap.aside)}`);
        const { name, tables } = swap.database;
        found.push({
          server: access.label,
          name,
          tables: tables.length,
          rows: tables.reduce((sum, { rows }) => sum + rows, 0),
          aside: isKept ? swap.aside : null,
          role: access.role,
        });
      }
      return found;
    } finally {
      await session.close();
    }
  } finally {
    for (const { scratch } of swaps) await removeScratch(access, scratch);
  }
}

async function restoreOne(
  io: Pick<Ports, "files" | "clock" | "host">,
  { archive, workDirectory, emit, signal }: RestoreRequest,
  { access }: RestoreTarget,
  { database, scratch }: { readonly database: BackedUpDatabase; readonly scratch: string },
): Promise<void> {
  const id = `restore ${access.label}/${database.name}`;
  const since = io.clock.now();
  emit({ type: "step", id, outcome: "running" });
  const unpacked = join(workDirectory, "dump");
  await archive.extract(database.directory, unpacked, signal);
  const single = join(unpacked, singleDump);
  const isSingle = await io.files.exists(single);
  await restoreToScratch({
    access,
    clock: io.clock,
    database,
    dump: isSingle ? single : unpacked,
    scratch,
    jobs: access.seesFiles || !isSingle ? jobsForBytes(database.bytes, io.host.cpus) : 1,
    signal,
    onProgress: (progress) => emit({ type: "step", id, outcome: "running", evidence: progressText(progress) }),
  });
  await io.files.remove(unpacked);
  emit({ type: "step", id, outcome: "ok", seconds: (io.clock.now() - since) / 1000 });
}

/** A pg_restore older than the pg_dump that wrote a dump does not read it, and that of 17 sets what 16 does not know. */
async function assertReadable({ access, from }: RestoreTarget, signal: AbortSignal): Promise<void> {
  const session = await access.connect("postgres", signal);
  try {
    const [row] = await session.query(
      "SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS recovering",
    );
    const version = Number(row?.["version"]);
    if (row?.["recovering"] === true) {
      throw new ToolError("BACKUP_REFUSED", `${access.label} is a standby: nothing can be restored to it.`, {
        hint: "Name its primary.",
      });
    }
    if ((version >= 170_000 ? 18 : 16) >= from.clients) return;
    const [source, here] = [from.version, version].map((one) => Math.floor(one / 10_000));
    throw new ToolError(
      "BACKUP_REFUSED",
      `The backup comes from PostgreSQL ${source}; ${access.label} is PostgreSQL ${here}, and a dump of 17 or newer does not restore into a server before 17.`,
      { hint: `Set its image to postgres:${source} or newer, on a new volume.`, detail: { source, here } },
    );
  } finally {
    await session.close();
  }
}

/** Said before the work, not after it: who is in a database that has to be renamed, and which right is missing. */
async function assertReplaceable({ access, databases }: RestoreTarget, signal: AbortSignal): Promise<void> {
  const session = await access.connect("postgres", signal);
  try {
    await assertMayRestore(
      session,
      access.label,
      databases.map(({ name }) => name),
    );
    for (const { name } of databases) {
      const rows = await session.query(sessionsQuery, [name]);
      if (rows.length > 0) throw inUse(access.label, name, rows);
    }
  } finally {
    await session.close();
  }
}

/** Databases that a killed restore left: by name, comment, and because nobody is in them. */
async function removeLeftovers(access: ServerAccess, signal: AbortSignal): Promise<void> {
  const session = await access.connect("postgres", signal);
  try {
    const rows = await session.query(
      `SELECT datname AS name FROM pg_database d WHERE datname LIKE 'bulkhead\\_restore\\_%'
       AND shobj_description(oid, 'pg_database') = $1
       AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`,
      [scratchMark],
    );
    for (const row of rows) await session.query(`DROP DATABASE ${quoteName(String(row["name"]))}`);
  } finally {
    await session.close();
  }
}

async function holdsTables(access: ServerAccess, database: string, signal: AbortSignal): Promise<boolean> {
  const session = await access.connect(database, signal);
  try {
    const rows = await session.query(
      `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LIMIT 1`,
    );
    return rows.length > 0;
  } finally {
    await session.close();
  }
}

/** At most 63 bytes: a longer name would be cut, and two could become one. */
function nameAside(name: string, stamp: string): string {
  const ending = `_before_restore_${stamp}`;
  const encoder = new TextEncoder();
  let start = name;
  while (encoder.encode(start + ending).length > 63) start = start.replace(/.$/su, "");
  return start + ending;
}
