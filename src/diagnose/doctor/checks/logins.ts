import { isSqlFailure, type SqlFailure } from "../../../ports/sql.ts";
import { distinctConnections } from "../../../topology/distinct-connections.ts";
import type { Connection, DatabaseServer } from "../../../topology/topology.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { judgeRefusedLogin } from "../judge-refused-login.ts";
import { judgeRights, RIGHTS_QUERY } from "../judge-rights.ts";
import { loginTarget } from "../login-target.ts";
import { setPassword } from "../set-password.ts";
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
  const target = loginTarget(stack, connection);
  if (target === undefined) {
    return {
      outcome: "fail",
      fact: `${connection.host} in ${writtenIn} of ${service} is no service it shares a network with`,
      cure: "bulkhead check",
    };
  }
  if (server !== undefined && !isRunning(stack, server)) return notRunning(server);
  const opened = await session.home.ports.sql.connect({ ...target, signal });
  if (isSqlFailure(opened)) return explainFailure(stack, connection, opened, signal);
  try {
    const [row] = await opened.query(RIGHTS_QUERY);
    return judgeRights(stack, { server: serverOf(stack, connection), database: target.database }, row ?? {});
  } finally {
    await opened.close();
  }
}

function serverOf({ session }: StackPlace, connection: Connection): DatabaseServer | undefined {
  return session.topology.servers.find(({ service }) => service === connection.server);
}

async function explainFailure(
  stack: StackPlace,
  connection: Connection,
  failure: SqlFailure,
  signal: AbortSignal,
): Promise<DoctorAnswer> {
  const server = serverOf(stack, connection);
  if (server === undefined || !["password", "role", "database"].includes(failure.failure)) {
    return { outcome: "fail", fact: failure.reason, cure: `bulkhead logs ${connection.server ?? connection.service}` };
  }
  const { service } = server;
  const { password } = connection;
  const role = connection.user ?? server.superuser;
  const database = connection.database ?? role;
  // A server tells a missing role and a wrong password with the same words.
  const present = await withSuperuser(stack, { service, database: "postgres" }, signal, async (session) => {
    const [row] = await session.query(
      "select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database",
      [role, database],
    );
    return { role: row?.["role"] === true, database: row?.["database"] === true };
  }).catch(() => undefined);
  const fix =
    present === undefined || password === undefined || password === ""
      ? undefined
      : setPassword(stack, { service, role, password });
  return judgeRefusedLogin({ server, role, database, writtenIn: connection.writtenIn, present, fix });
}
