import type { Client } from "pg";
import type { Sql, SqlFailure, SqlSession, SqlTarget } from "../ports/sql.ts";
import { errorCode } from "./error-code.ts";

const CONNECT_TIMEOUT_MS = 5000;

/** PostgreSQL over TCP, or over a Unix socket when `host` is an absolute directory. */
export const nodeSql: Sql = { connect };

async function connect(target: SqlTarget): Promise<SqlSession | SqlFailure> {
  // Loaded on first use: commands that ask no database start without it.
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // A function, because an absent password would be looked up in PGPASSWORD and ~/.pgpass.
    password: () => target.password ?? "",
    ssl: false,
    application_name: "bulkhead",
    connectionTimeoutMillis: target.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
  });
  // A server that goes away while the session is idle: the next query tells.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    return failureOf(error);
  }
  return sessionOf(client);
}

function sessionOf(client: Client): SqlSession {
  let closing: Promise<void> | undefined;
  return {
    async query(text, values) {
      const result = await client.query<Record<string, unknown>>(text, values === undefined ? [] : [...values]);
      return result.rows;
    },
    close() {
      closing ??= client.end();
      return closing;
    },
  };
}

function failureOf(error: unknown): SqlFailure {
  const code = errorCode(error);
  const reason = reasonOf(error);
  return {
    failure: failureKind(code, reason),
    sqlState: code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined,
    reason,
  };
}

/** SQLSTATE codes: PostgreSQL manual, appendix A. */
function failureKind(code: string | undefined, reason: string): SqlFailure["failure"] {
  switch (code) {
    case "28P01":
      return "password";
    case "28000":
      return "role";
    case "3D000":
      return "database";
    case "42501":
      return "permission";
    case "57P03":
      return "starting";
    case "ECONNREFUSED":
    case "ENOENT":
      return "refused";
    case "ETIMEDOUT":
      return "timeout";
    case undefined:
      // pg gives these two no code.
      if (/timeout/i.test(reason)) return "timeout";
      return reason.startsWith("SASL") ? "password" : "other";
    default:
      return "other";
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
  }
  return error instanceof Error ? error.message : String(error);
}
