import type { ServerAccess } from "../../ports/server-access.ts";
import type { OwnerId } from "../../postgres/database-verdict.ts";
import type { InstalledHistories } from "../../postgres/read-compartments.ts";

/** A server whose databases are told, with what a project knows of them. */
export interface StatusPlace {
  readonly access: Pick<ServerAccess, "label" | "role" | "connect">;
  /** The database from which the server is looked at. */
  readonly maintenance: string;
  /** The only one that is meant; undefined: all. */
  readonly database: string | undefined;
  readonly installed: InstalledHistories;
  /** Whether one of the project's applications keeps its state there. */
  isUsed(database: string): boolean;
  /** The logins and schemas with which the project's applications use a database. */
  usersOf(database: string): readonly DatabaseUser[];
  /** How further commands name a database: `postgres/airflow`. */
  subjectOf(database: string): string;
}

export interface DatabaseUser {
  readonly owner: OwnerId;
  readonly role: string | undefined;
  readonly schema: string | undefined;
}
