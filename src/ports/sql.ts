export interface SqlTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  readonly connectTimeoutMs?: number;
}

export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlSession {
  query(text: string, values?: readonly unknown[]): Promise<readonly SqlRow[]>;
  close(): Promise<void>;
}

/** Why a PostgreSQL login did not work, translated once from SQLSTATE and errno. */
export interface SqlFailure {
  readonly failure: "refused" | "timeout" | "starting" | "password" | "role" | "database" | "permission" | "other";
  readonly sqlState: string | undefined;
  readonly reason: string;
}

export interface Sql {
  /** Logs in, or says why not. Query errors of an open session are thrown with `code` = SQLSTATE. */
  connect(target: SqlTarget): Promise<SqlSession | SqlFailure>;
}

export function isSqlFailure(outcome: SqlSession | SqlFailure): outcome is SqlFailure {
  return "failure" in outcome;
}
