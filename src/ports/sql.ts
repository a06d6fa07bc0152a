import type { Dial } from "./processes.ts";

export interface SqlTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  readonly connectTimeoutMs?: number;
  /** Absent: no TLS. */
  readonly tls?: SqlTls;
  /** Command-line options for the session: `-c search_path=mlflow`. */
  readonly options?: string;
  /** Ends the session: its running query is cancelled on the server and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Opens the line to the server; absent: TCP or the socket that `host` and `port` name. */
  readonly dial?: Dial;
}

/** As libpq's `sslmode` and its files mean it. */
export interface SqlTls {
  readonly mode: "allow" | "prefer" | "require" | "verify-ca" | "verify-full";
  /** Certificate authorities as PEM file; absent: the system's. */
  readonly rootCertificateFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  /** The name the server's certificate must carry; absent: `host`. */
  readonly serverName?: string;
}

export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlSession {
  query(text: string, values?: readonly unknown[]): Promise<readonly SqlRow[]>;
  close(): Promise<void>;
}

/** Why a PostgreSQL login did not work, translated once from SQLSTATE and errno. */
export interface SqlFailure {
  readonly failure:
    | "refused"
    | "unresolved"
    | "timeout"
    | "tls"
    | "starting"
    | "password"
    | "role"
    | "database"
    | "permission"
    | "other";
  readonly sqlState: string | undefined;
  readonly reason: string;
}

export interface Sql {
  /** Logs in, or says why not. Query errors of an open session are thrown with `code` = SQLSTATE; a broken line is 08006. */
  connect(target: SqlTarget): Promise<SqlSession | SqlFailure>;
}

export function isSqlFailure(outcome: SqlSession | SqlFailure): outcome is SqlFailure {
  return "failure" in outcome;
}
