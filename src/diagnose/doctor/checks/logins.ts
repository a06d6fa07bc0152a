import { connectionTarget } from "../../../engine/connection-target.ts";
import { isSqlFailure, type SqlFailure, type SqlSession } from "../../../ports/sql.ts";
import { distinctConnections } from "../../../topology/distinct-connections.ts";
import type { Connection } from "../../../topology/topology.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { judgeRefusedLogin } from "../judge-refused-login.ts";
import { withSuperuser } from "../with-superuser.ts";

/** Each connection as the app's own role: name, TCP, TLS, login, database, and a schema in which it may make tables. */
export const logins: DoctorCheck = {
  id: "logins",
  title: "Connection",
  scope: "stack",
  questions: ({ stack }) =>
    stack === undefined
      ? []
      : distinctConnections(stack.session.topology).map((connection) => ({
          subject: `${connection.app ?? connection.service}: ${nameConnection(connection)}`,
          ask: (signal) => askConnection(stack, connection, signal),
        })),
};

function nameConnection({ state, writtenIn, dialect, user, host, port, database }: Connection): string {
  if (state.kind === "unknown") return writtenIn;
  return dialect === "postgresql" ? `${user}@${host}:${port}/${database}` : `${writtenIn} (${dialect})`;
}

async function askConnection(stack: StackPlace, connection: Connection, signal: AbortSignal): Promise<DoctorAnswer> {
  const { session } = stack;
  const { service, writtenIn, server, state, dialect } = connection;
  if (state.kind === "unknown") return { outcome: "unknown", fact: `${writtenIn} of ${service}: ${state.reason}` };
  if (dialect !== "postgresql") {
    return { outcome: "warn", fact: `${writtenIn} of ${service} is no PostgreSQL`, cure: "bulkhead check" };
  }
  const target = connectionTarget(session, stack.ports, connection);
  if (target === undefined) {
    return {
      outcome: "fail",
      fact: `${connection.host} in ${writtenIn} of ${service} is no service it shares a network with`,
      cure: "bulkhead check",
    };
  }
  if (server !== undefined && !isRunning(stack, server)) return notRunning(server);
  const opened = await session.home.ports.sql.connect({ ...target, connectTimeoutMs: 2_000, signal });
  if (isSqlFailure(opened)) return explainFailure(stack, connection, opened, signal);
  try {
    return await judgeSession(opened, superuserPsql(stack, connection));
  } finally {
    await opened.close();
  }
}

async function explainFailure(
  stack: StackPlace,
  connection: Connection,
  failure: SqlFailure,
  signal: AbortSignal,
): Promise<DoctorAnswer> {
  const server = stack.session.topology.servers.find(({ service }) => service === connection.server);
  if (server === undefined || !["password", "role", "database"].includes(failure.failure)) {
    return { outcome: "fail", fact: failure.reason, cure: `bulkhead logs ${connection.server ?? connection.service}` };
  }
  const role = connection.user ?? server.superuser;
  const database = connection.database ?? role;
  // A server tells a missing role and a wrong password with the same words.
  const present = await withSuperuser(
    stack,
    { service: server.service, database: "postgres" },
    signal,
    async (session) => {
      const [row] = await session.query(
        "select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database",
        [role, database],
      );
      return { role: row?.["role"] === true, database: row?.["database"] === true };
    },
  ).catch(() => undefined);
  return judgeRefusedLogin({ server, role, database, writtenIn: connection.writtenIn, present });
}

const RIGHTS = `select current_schema()::text as schema, current_setting('search_path') as path,
  coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create,
  coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
  session_user::text as role, current_setting('server_version') as version`;

/** How a superuser works on a connection's database. */
function superuserPsql({ session }: StackPlace, { server, database, user }: Connection): string {
  const superuser = session.topology.servers.find(({ service }) => service === server)?.superuser ?? "postgres";
  return `bulkhead exec ${server ?? "postgres"} psql -U ${superuser} -d ${database ?? user ?? superuser} -c`;
}

async function judgeSession(session: SqlSession, psql: string): Promise<DoctorAnswer> {
  const [row] = await session.query(RIGHTS);
  const [schema, path, role] = ["schema", "path", "role"].map((name) => row?.[name] as string | null);
  if (schema === null) {
    return {
      outcome: "fail",
      fact: `${role} logs in, but its search_path (${path}) names no schema that exists`,
      cure: `${psql} 'CREATE SCHEMA NAME AUTHORIZATION "${role}"'`,
    };
  }
  if (row?.["may_create"] !== true) {
    return {
      outcome: "fail",
      fact: `${role} logs in, but may not create tables in the schema ${schema}`,
      cure: `${psql} 'GRANT CREATE ON SCHEMA "${schema}" TO "${role}"'`,
    };
  }
  const tls = row["tls"] === true ? ", TLS" : "";
  return {
    outcome: "ok",
    fact: `logs in and may create in ${schema} (PostgreSQL ${String(row["version"])}${tls})`,
  };
}
