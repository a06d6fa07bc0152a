import type { DatabaseServer } from "../topology/topology.ts";
import { intendedServer } from "./intended-server.ts";
import { settledSchema } from "../topology/settled-schema.ts";
import { judgedConnections, type JudgedConnection } from "./judged-connections.ts";
import type { Subject } from "./rule.ts";

/** A connection whose application keeps an `alembic_version` table where it leads. */
export interface AlembicUse {
  readonly connection: JudgedConnection;
  /** Undefined: a server outside the project. */
  readonly server: DatabaseServer | undefined;
  /** True: the connection's host is wrong, the server is the one that was most likely meant. */
  readonly guessed: boolean;
  /** libpq: the user's name where no database is named. */
  readonly database: string;
  /** Where unqualified tables are made: of `search_path`, else a schema with the user's name, else `public`. */
  readonly schema: string;
  /** The place as one text, equal for two uses that share their tables. */
  readonly place: string;
}

/** Where applications keep tables and their Alembic revision: Airflow's and MLflow's stores, not Celery's results. */
export function alembicUses(subject: Pick<Subject, "project" | "topology">): readonly AlembicUse[] {
  return judgedConnections(subject.topology).flatMap((connection): AlembicUse[] => {
    const { role, app, host, port, user } = connection;
    const database = connection.database ?? user;
    if (role === "results" || app === undefined || database === undefined) return [];
    const intended = intendedServer(subject, connection);
    if (intended === undefined && host === undefined) return [];
    const schema = connection.schema ?? settledSchema(intended?.server, database, user);
    const address = intended?.server.service ?? `${host?.toLowerCase()}:${port}`;
    return [
      {
        connection,
        server: intended?.server,
        guessed: intended?.guessed ?? false,
        database,
        schema,
        place: `${address}/${database}/${schema}`,
      },
    ];
  });
}
