import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { SqlSession } from "../../ports/sql.ts";
import { quoteText } from "../quote-sql.ts";
import type { SplitContext } from "./split-context.ts";

/** A table that somebody keeps locked is said after this long. */
const lockTimeout = "10s";

/**
 * Works in a session of its own on `database`. What it commits lasts: a server that may forget its last commits is told
 * not to. Failures of the server become ToolErrors that say what to do.
 */
export async function inDatabase<T>(
  { server, application, signal }: Pick<SplitContext, "server" | "application" | "signal">,
  database: string,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  const session = await server.connect(database, signal);
  try {
    await session.query(
      `SET application_name = ${quoteText(application)}; SET lock_timeout = '${lockTimeout}';
       SET synchronous_commit = on; SET statement_timeout = 0; SET client_min_messages = warning`,
    );
    return await work(session);
  } catch (error) {
    signal.throwIfAborted();
    throw translate(error, server.label, database);
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** All of it, or nothing. */
export async function inTransaction<T>(session: SqlSession, work: () => Promise<T>): Promise<T> {
  await session.query("BEGIN READ WRITE");
  try {
    const result = await work();
    await session.query("COMMIT");
    return result;
  } catch (error) {
    await session.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** SQLSTATE: PostgreSQL manual, appendix A. A connection that broke has none, or one of class 57P. */
function translate(error: unknown, server: string, database: string): unknown {
  if (!(error instanceof Error) || isToolError(error)) return error;
  const code = "code" in error ? String(error.code) : "";
  const what = `${server}, database ${database}: ${error.message}.`;
  const more = { detail: { server, database, sqlState: code }, cause: error, exitCode: 1 } as const;
  switch (code) {
    case "53100":
      return new ToolError("DISK_FULL", what, {
        ...more,
        hint: "Make room where the server keeps its data, and repeat the command.",
      });
    case "42501":
      return new ToolError("POSTGRES_FAILED", what, {
        ...more,
        hint: "Use the database's owner with the right CREATEDB, or a superuser.",
      });
    case "55P03":
      return new ToolError("POSTGRES_FAILED", what, {
        ...more,
        hint: "Somebody holds a lock: select pid, usename, application_name, query from pg_stat_activity where pid in (select pid from pg_locks where granted and relation is not null)",
      });
    case "42P04":
      return new ToolError("POSTGRES_FAILED", what, {
        ...more,
        hint: "Rename the database that has the name, or drop it if it is empty.",
      });
    default:
  }
  if (/^57P|^08/.test(code) || !/^[0-9A-Z]{5}$/.test(code)) {
    if (code === "" && !/connection|terminat|closed|socket|timeout/i.test(error.message)) return error;
    return new ToolError("POSTGRES_UNREACHABLE", `${what} The connection was lost.`, {
      ...more,
      hint: "See whether the server runs, and its log.",
    });
  }
  return new ToolError("POSTGRES_FAILED", what, more);
}
