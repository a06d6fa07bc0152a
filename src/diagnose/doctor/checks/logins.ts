import { isSqlFailure, type SqlFailure } from "../../../ports/sql.ts";
import { distinctConnections } from "../../../topology/distinct-connections.ts";
import type { Connection, DatabaseServer } from "../../../topology/topology.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck, DoctorQuestion } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { judgeRefusedLogin } from "../judge-refused-login.ts";
import { judgeRights, RIGHTS_QUERY } from "../judge-rights.ts";
import { CONNECT_MS, loginTarget } from "../login-target.ts";
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
      : [
          ...distinctConnections(stack.session.topology).map((connection) => ({
            subject: `${connection.app ?? connection.service}: ${nameConnection(connection)}`,
            ask: (signal: AbortSignal) => askConnection(stack, connection, signal),
          })),
          ...askSuperusers(stack),
        ],
};

/** The password that the file gives a server itself, where no application logs in by it. */
function askSuperusers(stack: StackPlace): readonly DoctorQuestion[] {
  const { connections, servers } = stack.session.topology;
  return servers.flatMap((server) => {
    const { service, superuser: role, database, password, passwordIn, port } = server;
    const isAsked = connections.some((one) => one.server === service && one.user === role && one.role !== "migration");
    if (password === undefined || password === "" || isAsked) return [];
    const ask = async (signal: AbortSignal): Promise<DoctorAnswer> => {
      const address = stack.ports[service]?.[port];
      if (address === undefined || !isRunning(stack, service)) return notRunning(service);
      const host = address.host === "0.0.0.0" ? "127.0.0.1" : address.host;
      const target = { host, port: address.port, user: role, password, database, connectTimeoutMs: CONNECT_MS, signal };
      const opened = await stack.session.home.ports.sql.connect({ ...target, tls: { mode: "allow" } });
      if (!isSqlFailure(opened)) {
        await opened.close();
        return { outcome: "ok", fact: "its superuser logs in" };
      }
      const writtenIn = passwordIn ?? "POSTGRES_PASSWORD";
      return explainFailure(stack, { server, service, role, database, password, writtenIn }, opened, signal);
    };
    return [{ subject: `${service}: ${role}@${service}:${port}/${database}`, ask }];
  });
}

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
  if (isSqlFailure(opened)) {
    const { user, password, database } = target;
    const login = { server: serverOf(stack, connection), service, role: user, password, database, writtenIn };
    return explainFailure(stack, login, opened, signal);
  }
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

interface Login {
  /** Undefined: none of the project's. */
  readonly server: DatabaseServer | undefined;
  /** Whose login it is. */
  readonly service: string;
  readonly role: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly writtenIn: string;
}

async function explainFailure(
  stack: StackPlace,
  { server, service, role, password, database, writtenIn }: Login,
  failure: SqlFailure,
  signal: AbortSignal,
): Promise<DoctorAnswer> {
  if (server === undefined || !["password", "role", "database"].includes(failure.failure)) {
    return { outcome: "fail", fact: failure.reason, cure: `bulkhead logs ${server?.service ?? service}` };
  }
  const place = { service: server.service, database: "postgres" };
  // A server tells a missing role and a wrong password with the same words.
  const present = await withSuperuser(stack, place, signal, async (session) => {
    const [row] = await session.query(
      "select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database",
      [role, database],
    );
    return { role: row?.["role"] === true, database: row?.["database"] === true };
  }).catch(() => undefined);
  const fix =
    present === undefined || password === undefined || password === ""
      ? undefined
      : setPassword(stack, { service: server.service, role, password });
  return judgeRefusedLogin({ server, role, database, writtenIn, present, fix });
}
