import type { Clock } from "../../ports/clock.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import type { SqlSession } from "../../ports/sql.ts";
import { checksumTables } from "../checksum-tables.ts";
import { quoteText } from "../quote-sql.ts";
import type { BackedUpDatabase } from "./backup-manifest.ts";
import { readDatabaseProperties } from "./database-properties.ts";
import { explainFailure } from "./explain-failure.ts";
import { listContent } from "./list-content.ts";
import { trackTables, type TransferProgress } from "./track-tables.ts";
import { watchCopies } from "./watch-copies.ts";

export interface DatabaseBackup {
  readonly access: ServerAccess;
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly database: string;
  /** What pg_dump writes: a file with one job, and where it does not see this machine's files; else a new directory. */
  readonly target: string;
  readonly jobs: number;
  /** What pg_dump's sessions are known by, where somebody has to find them: it goes on when the process that wanted it is killed. */
  readonly application?: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

/** The fastest of zlib: a seventh larger than its default, in less than half the time. */
const compression = "--compress=1";
const lockTimeout = "30s";

/**
 * What the role or the database may set, and would end a long dump: the snapshot's session waits idle for pg_dump. And no
 * parallel queries: a table is read for its checksum in half the time that pg_dump takes for it, which needs the processors.
 */
const settings = `SET lock_timeout = '${lockTimeout}'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET max_parallel_workers_per_gather = 0`;

/**
 * Dumps a database and says what it holds, both in one snapshot: its writers go on. Throws as `ServerAccess.run` does; a
 * table that somebody keeps locked is POSTGRES_FAILED after half a minute.
 */
export async function backUpDatabase(backup: DatabaseBackup): Promise<Omit<BackedUpDatabase, "apps" | "directory">> {
  const { access, database } = backup;
  const failed = new AbortController();
  const signal = AbortSignal.any([backup.signal, failed.signal]);
  const sessions: SqlSession[] = [];
  try {
    const holder = await access.connect(database, signal);
    sessions.push(holder);
    await holder.query(`${settings}; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`);
    const properties = await readDatabaseProperties(holder);
    const content = await listContent(holder);
    const [exported] = await holder.query("SELECT pg_export_snapshot() AS snapshot");
    const snapshot = String(exported?.["snapshot"]);
    const second = await access.connect(database, signal);
    sessions.push(second);
    await second.query(
      `${settings}; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT ${quoteText(snapshot)}`,
    );
    // What fails ends the other.
    const either = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    };
    const { onLine, onBytes, onEnd } = trackTables(backup.clock, content.tables, backup.jobs, backup.onProgress);
    const follow = async (): Promise<void> => {
      await watchCopies({ ...backup, onBytes }, () => dump({ ...backup, signal }, snapshot, onLine));
      onEnd();
    };
    const outcomes = await Promise.allSettled([either(checksumTables(sessions, content.tables)), either(follow())]);
    backup.signal.throwIfAborted();
    failed.signal.throwIfAborted();
    const [sums] = outcomes;
    if (sums.status === "rejected") throw sums.reason;
    return {
      ...properties,
      bytes: content.bytes,
      versionTables: content.versionTables,
      tables: sums.value.map((sum, at) => ({ ...sum, bytes: content.tables[at]?.bytes ?? 0 })),
    };
  } catch (error) {
    throw explainFailure(error, `backup of ${database}`, access.label);
  } finally {
    await Promise.allSettled(sessions.map((session) => session.close()));
  }
}

async function dump(backup: DatabaseBackup, snapshot: string, onLine: (line: string) => void): Promise<void> {
  const { access, database, target, jobs, application, signal } = backup;
  const common = [
    "--verbose",
    compression,
    `--snapshot=${snapshot}`,
    `--lock-wait-timeout=${lockTimeout}`,
    `--dbname=${connectionString(database, application)}`,
  ];
  const run = { program: "pg_dump", signal, onLine } as const;
  // One file wherever it is as fast: any pg_restore can be given it, in a container too.
  if (jobs === 1 || !access.seesFiles) return access.save({ ...run, args: ["--format=custom", ...common] }, target);
  const files = ["--format=directory", "--no-sync", `--jobs=${jobs}`, `--file=${target}`];
  await access.run({ ...run, args: [...files, ...common] });
}

/** A name with `=` in it, or one that begins like a URL, would be taken for a connection string. */
export function connectionString(database: string, application?: string): string {
  const quoted = (value: string): string => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const named = application === undefined ? "" : ` application_name=${quoted(application)}`;
  return `dbname=${quoted(database)}${named}`;
}
