import { ToolError } from "../../core/tool-error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import type { SqlSession } from "../../ports/sql.ts";
import { checksumTables } from "../checksum-tables.ts";
import { quoteName, quoteText } from "../quote-sql.ts";
import { sqlStateOf } from "../sql-state-of.ts";
import { connectionString } from "./back-up-database.ts";
import type { BackedUpDatabase } from "./backup-manifest.ts";
import type { DatabaseProperties } from "./database-properties.ts";
import { explainFailure } from "./explain-failure.ts";
import { trackTables, type TransferProgress } from "./track-tables.ts";
import { watchCopies } from "./watch-copies.ts";

export interface ScratchRestore {
  readonly access: ServerAccess;
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly database: BackedUpDatabase;
  /** The dump as `pg_restore` takes it. */
  readonly dump: string;
  /** The new database's name. */
  readonly scratch: string;
  /** One for a dump that a program in a container reads as its input. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

/** The comment of a database that is being restored: what a killed restore left is known by it. */
export const scratchMark = "bulkhead: an unfinished restore";

/**
 * Restores a dump into a new database and compares every table with the backup's checksums. The database is dropped when
 * something fails, so there is a whole one or none. ToolError POSTGRES_FAILED, DISK_FULL, BACKUP_DAMAGED.
 */
export async function restoreToScratch(restore: ScratchRestore): Promise<void> {
  const { access, scratch, database, signal } = restore;
  const maintenance = await access.connect("postgres", signal);
  try {
    const isSuperuser = await readIsSuperuser(maintenance);
    await dropScratch(maintenance, scratch);
    await createLike(maintenance, scratch, database, access.label);
    await maintenance.query(`COMMENT ON DATABASE ${quoteName(scratch)} IS ${quoteText(scratchMark)}`);
    await fill(restore, isSuperuser);
    await compare(restore);
  } catch (error) {
    await removeScratch(access, scratch);
    signal.throwIfAborted();
    throw explainFailure(error, `restore of ${database.name}`, access.label);
  } finally {
    await maintenance.close();
  }
}

/** Drops it though our own signal may be aborted. */
export async function removeScratch(access: ServerAccess, scratch: string): Promise<void> {
  try {
    const session = await access.connect("postgres", new AbortController().signal);
    try {
      await dropScratch(session, scratch);
    } finally {
      await session.close();
    }
  } catch {
    // The server is gone: the next restore finds it by its comment.
  }
}

async function dropScratch(session: SqlSession, scratch: string): Promise<void> {
  await session.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
    [scratch],
  );
  await session.query(`DROP DATABASE IF EXISTS ${quoteName(scratch)}`);
}

async function readIsSuperuser(session: SqlSession): Promise<boolean> {
  const [row] = await session.query("SELECT rolsuper AS yes FROM pg_roles WHERE rolname = current_user");
  return row?.["yes"] === true;
}

/** With its encoding, and its locale where this server knows it: another machine may not. */
async function createLike(
  session: SqlSession,
  scratch: string,
  { name, encoding, locale }: DatabaseProperties,
  label: string,
): Promise<void> {
  const create = `CREATE DATABASE ${quoteName(scratch)} TEMPLATE template0 ENCODING ${quoteText(encoding)}`;
  const libc = `LC_COLLATE ${quoteText(locale.collation)} LC_CTYPE ${quoteText(locale.characters)}`;
  const known = locale.name === null ? "" : quoteText(locale.name);
  const wanted = {
    libc: [libc],
    icu: [`${libc} LOCALE_PROVIDER icu ICU_LOCALE ${known}`, libc],
    builtin: [`${libc} LOCALE_PROVIDER builtin BUILTIN_LOCALE ${known}`, libc],
  }[locale.provider];
  const provider = (await readMajor(session)) >= 15 ? [`${libc} LOCALE_PROVIDER libc`] : [];
  const ways = [
    ...(locale.provider === "libc" ? provider : []),
    ...wanted,
    "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'",
    "",
  ];
  let reason: unknown;
  for (const way of ways) {
    try {
      await session.query(`${create} ${way}`);
      return;
    } catch (error) {
      // 22023, 42601, 0A000, 42809: the locale or the clause is not known here.
      if (!["22023", "42601", "0A000", "42809"].includes(sqlStateOf(error) ?? "")) throw refuse(error, label, name);
      reason = error;
    }
  }
  throw refuse(reason, label, name);
}

async function readMajor(session: SqlSession): Promise<number> {
  const [row] = await session.query("SELECT current_setting('server_version_num')::int / 10000 AS major");
  return Number(row?.["major"]);
}

async function fill(restore: ScratchRestore, isSuperuser: boolean): Promise<void> {
  const { access, scratch, database, dump, jobs, signal } = restore;
  const { onLine, onBytes, onEnd } = trackTables(restore.clock, database.tables, jobs, restore.onProgress);
  const args = ["--verbose", "--exit-on-error", `--dbname=${connectionString(scratch)}`];
  // Only a superuser can give what it makes to others.
  const owners = isSuperuser ? [] : ["--no-owner", "--no-privileges"];
  const run = { program: "pg_restore", signal, onLine } as const;
  await watchCopies({ access, clock: restore.clock, database: scratch, onBytes }, async () => {
    await access.feed({ ...run, args: [...args, ...owners, `--jobs=${jobs}`] }, dump);
  });
  onEnd();
  const session = await access.connect(scratch, signal);
  try {
    if (database.isPublicOpen)
      await session.query("GRANT CREATE ON SCHEMA public TO PUBLIC").catch(ignoreMissingSchema);
    await session.query("SET statement_timeout = 0");
    await session.query("ANALYZE");
  } finally {
    await session.close();
  }
}

function ignoreMissingSchema(error: unknown): void {
  if (sqlStateOf(error) !== "3F000") throw error;
}

async function compare({ access, scratch, database, signal }: ScratchRestore): Promise<void> {
  const sessions = await Promise.all([access.connect(scratch, signal), access.connect(scratch, signal)]);
  try {
    const found = await checksumTables(sessions, database.tables);
    const different = database.tables.filter(
      ({ rows, checksum }, at) => found[at]?.rows !== rows || found[at]?.checksum !== checksum,
    );
    const [first] = different;
    if (first === undefined) return;
    const seen = found[database.tables.indexOf(first)];
    const how = seen?.rows === first.rows ? "other content" : `${seen?.rows ?? 0} rows instead of ${first.rows}`;
    const more = different.length === 1 ? "" : ` and ${different.length - 1} more tables differ`;
    throw new ToolError(
      "BACKUP_DAMAGED",
      `What ${database.name} was restored to is not what was backed up: ${first.schema}.${first.name} has ${how}${more}.`,
      {
        hint: "The restored copy was dropped, and nothing else was changed.",
        detail: {
          database: database.name,
          tables: different.map(({ schema, name }) => `${schema}.${name}`).slice(0, 20),
        },
        exitCode: 1,
      },
    );
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

function refuse(error: unknown, label: string, name: string): unknown {
  const code = sqlStateOf(error);
  if (code === undefined || !(error instanceof Error)) return error;
  const what = `${label} makes no database to restore ${name} into: ${error.message}.`;
  if (code === "53100")
    return new ToolError("DISK_FULL", what, { hint: "Make room where the server keeps its data.", cause: error });
  return new ToolError("POSTGRES_FAILED", what, {
    detail: { server: label, sqlState: code },
    cause: error,
    exitCode: 1,
  });
}
