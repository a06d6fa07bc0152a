import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import type { Client } from "pg";
import type { Dial } from "../ports/processes.ts";
import { isSqlFailure, type Sql, type SqlFailure, type SqlSession, type SqlTarget } from "../ports/sql.ts";
import { cancelQuery } from "./cancel-query.ts";
import { errorCode } from "./error-code.ts";
import { sqlTlsAttempts } from "./sql-tls.ts";

const CONNECT_TIMEOUT_MS = 5000;
/** How long a cancelled query may take to end. */
const ABORT_MS = 5000;

/** PostgreSQL over TCP, over a Unix socket when `host` is an absolute directory, or over a line that is dialled. */
export const nodeSql: Sql = { connect };

async function connect(target: SqlTarget): Promise<SqlSession | SqlFailure> {
  let attempts: Awaited<ReturnType<typeof sqlTlsAttempts>>;
  try {
    attempts = await sqlTlsAttempts(target);
  } catch (error) {
    return { failure: "tls", sqlState: undefined, reason: reasonOf(error) };
  }
  let outcome: SqlSession | SqlFailure | undefined;
  for (const ssl of attempts) {
    outcome = await logIn(target, ssl);
    if (!isSqlFailure(outcome) || !mayHelp(outcome)) break;
  }
  return outcome as SqlSession | SqlFailure;
}

/** As libpq: with or without TLS makes a difference to a server that offers none, and to pg_hba.conf. */
function mayHelp({ failure, reason }: SqlFailure): boolean {
  return failure === "tls" || /no pg_hba\.conf entry/.test(reason);
}

async function logIn(target: SqlTarget, ssl: ConnectionOptions | false): Promise<SqlSession | SqlFailure> {
  target.signal?.throwIfAborted();
  // Loaded on first use: commands that ask no database start without it.
  const { default: pg } = await import("pg");
  let stream: Duplex | undefined;
  try {
    stream = await openLine(target, ssl);
  } catch (error) {
    return failureOf(error);
  }
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // A function, because an absent password would be looked up in PGPASSWORD and ~/.pgpass.
    password: () => target.password ?? "",
    ssl: stream === undefined ? ssl : false,
    application_name: "bulkhead",
    ...(stream === undefined ? {} : { stream: () => stream }),
    ...(target.options === undefined ? {} : { options: target.options }),
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
  return sessionOf(client, target);
}

/** The line where it is not pg that opens it. */
async function openLine(target: SqlTarget, ssl: ConnectionOptions | false): Promise<Duplex | undefined> {
  if (target.dial !== undefined) return target.dial();
  if (ssl === false || target.tls?.mode !== "prefer") return undefined;
  const { preferTls } = await import("./prefer-tls.ts");
  return preferTls(target, ssl, target.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
}

function sessionOf(client: Client, { signal, dial }: Pick<SqlTarget, "signal" | "dial">): SqlSession {
  let closing: Promise<void> | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const close = (): Promise<void> => {
    closing ??= client.end();
    return closing;
  };
  const abort = (): void => void endSession({ client, dial }, () => running, close);
  signal?.addEventListener("abort", abort, { once: true });
  return {
    async query(text, values) {
      signal?.throwIfAborted();
      const answer = client.query<Record<string, unknown>>(text, values === undefined ? [] : [...values]);
      running = answer.catch(() => undefined);
      try {
        return (await answer).rows;
      } catch (error) {
        signal?.throwIfAborted();
        throw asLost(error);
      }
    },
    close() {
      signal?.removeEventListener("abort", abort);
      return close();
    },
  };
}

/** Cancels what runs, and closes; a server that answers neither is left by cutting the line. */
async function endSession(
  { client, dial }: { readonly client: Client; readonly dial: Dial | undefined },
  running: () => Promise<unknown>,
  close: () => Promise<void>,
): Promise<void> {
  const { stream } = (client as Client & { connection: { stream: { destroy(): void } } }).connection;
  const cut = setTimeout(() => stream.destroy(), ABORT_MS);
  try {
    await cancelQuery(client, dial);
    await running();
    await close();
  } catch {
    // Already gone.
  } finally {
    clearTimeout(cut);
  }
}

/** pg tells a line that broke in the middle of a query by words alone: SQLSTATE 08006, connection_failure. */
function asLost(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = errorCode(error) ?? "";
  const isLost =
    /^(ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code) ||
    (code === "" && /Connection terminated|not queryable|Client was closed/.test(error.message));
  return isLost ? Object.assign(new Error(error.message, { cause: error }), { code: "08006" }) : error;
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
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "unresolved";
    case "ETIMEDOUT":
      return "timeout";
    case undefined:
      // pg gives these no code.
      if (/timeout/i.test(reason)) return "timeout";
      if (/\bSSL\b/.test(reason)) return "tls";
      return reason.startsWith("SASL") ? "password" : "other";
    default:
      return isTlsCode(code) ? "tls" : "other";
  }
}

/** OpenSSL's verification results (X509_V_ERR_*) and Node's own ERR_TLS_*, ERR_SSL_*. */
function isTlsCode(code: string): boolean {
  return /^ERR_(TLS|SSL)_|CERT|UNABLE_TO_|^EPROTO$/.test(code);
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
  }
  return error instanceof Error ? error.message : String(error);
}
