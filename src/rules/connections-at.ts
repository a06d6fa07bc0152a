import type { Connection, DatabaseServer } from "../topology/topology.ts";
import type { AlembicUse } from "./alembic-uses.ts";
import { intendedServer } from "./intended-server.ts";
import type { JudgedConnection } from "./judged-connections.ts";
import type { Subject } from "./rule.ts";

/** All that an application opens in the database of one of its uses, on that server; its migration jobs' connections too. */
export function connectionsAt(subject: Subject, use: AlembicUse, server: DatabaseServer): readonly JudgedConnection[] {
  const { connections, migrations } = subject.topology;
  const { app } = use.connection;
  const migrated = migrations.flatMap((migration) =>
    migration.app === app && migration.connection !== undefined ? [migration.connection] : [],
  );
  const own = connections.filter((connection) => connection.app === app);
  return [...new Set<Connection>([...own, ...migrated])].filter(
    (connection): connection is JudgedConnection =>
      connection.state.kind === "known" &&
      connection.url !== undefined &&
      (connection.database ?? connection.user) === use.database &&
      intendedServer(subject, connection as JudgedConnection)?.server === server,
  );
}
