import { airflowOperation } from "../catalog/airflow/operation.ts";
import { connectionTarget } from "../engine/connection-target.ts";
import type { Session } from "../engine/session.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import type { Sql } from "../ports/sql.ts";
import { jobTypes, probeAirflowHeartbeat } from "../probe/probe-airflow-heartbeat.ts";
import { probeAirflowHealth } from "../probe/probe-airflow-health.ts";
import { probeMlflowStore } from "../probe/probe-mlflow-store.ts";
import { fine, notYet, type ProbeOutcome } from "../probe/probe-outcome.ts";
import { probeRoleLogin } from "../probe/probe-role-login.ts";
import { commandLines } from "../topology/command-lines.ts";
import type { ServiceRole } from "../topology/topology.ts";

/** Asks once whether a service works. `since`: when its unit was started, epoch milliseconds. */
export type ReadinessProbe = (since: number, signal: AbortSignal) => Promise<ProbeOutcome>;

/** A part without a probe counts as ready when it has run this long: most of what fails at its start has failed then. */
const settleMs = 1000;

/** The question that decides whether a service is ready; by product and component. `sql`: for heartbeats. */
export function readinessProbe(
  session: Session,
  ports: PortTable,
  role: ServiceRole,
  sql: Sql = session.home.ports.sql,
): ReadinessProbe {
  const { http } = session.home.ports;
  const address = ownAddress(ports, role);
  if (role.product === "postgres" && role.component?.id === "server") {
    return () => probeServer(session, ports, role.service);
  }
  if (role.product === "mlflow" && role.component?.id === "server" && address !== undefined) {
    const mlflow = {
      baseUrl: address.url,
      hostHeader: `${role.service}:${address.target}`,
      prefix: staticPrefix(role),
    };
    return (_since, signal) => probeMlflowStore(http, mlflow, signal);
  }
  const component = role.component?.id ?? "";
  if (
    role.product === "airflow" &&
    (component === "webserver" || component === "api-server") &&
    address !== undefined
  ) {
    const path = airflowOperation(role.version ?? "").healthPath;
    return (_since, signal) => probeAirflowHealth(http, { baseUrl: address.url, path, expected: {}, signal });
  }
  if (role.product === "airflow" && jobTypes[component] !== undefined) {
    const connection = session.topology.connections.find(
      (one) => one.service === role.service && one.role === "metadata",
    );
    const target = connection === undefined ? undefined : connectionTarget(session, ports, connection);
    if (target !== undefined) return (since) => probeAirflowHeartbeat(sql, target, component, since);
  }
  const { ownHealth } = session;
  if (ownHealth?.(role.service) !== undefined) {
    return async () => {
      const { health, healthDetail } = ownHealth(role.service) ?? { health: "unknown", healthDetail: undefined };
      if (health === "healthy") return fine("healthy by its own check");
      const why = healthDetail === undefined || healthDetail === "" ? "it does not say why" : healthDetail;
      // As often as the file allows: whoever waits for its health is not started under Compose either.
      if (health === "unhealthy") return { state: "fault", reason: `its own healthcheck fails: ${why}` };
      return notYet("its own healthcheck");
    };
  }
  // Nothing to ask: that it stays up for a moment is all that can be told.
  return async (since) =>
    session.home.ports.clock.now() - since < settleMs ? notYet("its first second") : fine("runs");
}

/**
 * PostgreSQL is ready when each role that a connection names logs in and reads, but for those that jobs make once it is
 * ready; its own superuser when none does.
 */
async function probeServer(session: Session, ports: PortTable, service: string): Promise<ProbeOutcome> {
  const server = session.topology.servers.find((one) => one.service === service);
  const address = ports[service]?.[5432] ?? Object.values(ports[service] ?? {})[0];
  if (server === undefined || address === undefined) return notYet("no address");
  // The server refuses a role that is not there yet like one with another password.
  const madeByJobs = new Set(server.roles.filter(({ creation }) => creation.by === "job").map(({ name }) => name));
  const targets = new Map(
    session.topology.connections.flatMap((connection) => {
      const isAsked = connection.server === service && !madeByJobs.has(connection.user ?? "");
      const target = isAsked ? connectionTarget(session, ports, connection) : undefined;
      return target === undefined ? [] : [[`${target.user}/${target.database}`, target] as const];
    }),
  );
  const own = {
    host: address.host === "0.0.0.0" ? "127.0.0.1" : address.host,
    port: address.port,
    user: server.superuser,
    database: server.database,
  };
  const wanted =
    targets.size > 0
      ? [...targets.values()]
      : [server.password === undefined ? own : { ...own, password: server.password }];
  const outcomes = await Promise.all(wanted.map((target) => probeRoleLogin(session.home.ports.sql, target)));
  const passwordFault = outcomes.find((one) => one.state === "fault" && one.cause === "password");
  // A role or database that only the application's own jobs create is no fault of the server.
  return (
    passwordFault ??
    outcomes.find((one) => one.state === "not-yet") ??
    fine(
      outcomes
        .map((one) => (one.state === "fine" ? one.detail : ""))
        .filter(Boolean)
        .join(", ") || "answers",
    )
  );
}

/** The address of a service's user interface or API on this machine. */
export function ownAddress(
  ports: PortTable,
  role: ServiceRole,
): { readonly url: string; readonly target: number; readonly port: number } | undefined {
  const listener = role.component?.listeners.find((one) => one.purpose === "api");
  const table = ports[role.service] ?? {};
  const target =
    listener === undefined
      ? undefined
      : Number(Object.keys(table).find((key) => isListenerPort(key, listener.port, table)));
  const address = target === undefined ? undefined : table[target];
  if (target === undefined || address === undefined) return undefined;
  const host = address.host === "0.0.0.0" ? "127.0.0.1" : address.host;
  return { url: `http://${host}:${address.port}`, target, port: address.port };
}

function isListenerPort(key: string, port: number, table: PortTable[string]): boolean {
  return Number(key) === port || (table?.[port] === undefined && ![8793, 8794, 8974].includes(Number(key)));
}

/** `--static-prefix` of an MLflow server, or empty. */
export function staticPrefix(role: ServiceRole): string {
  for (const words of commandLines(role.argv)) {
    const at = words.indexOf("--static-prefix");
    const value =
      at >= 0
        ? words[at + 1]
        : words.find((word) => word.startsWith("--static-prefix="))?.slice("--static-prefix=".length);
    if (value !== undefined) return value.replace(/\/$/, "");
  }
  return role.environment["MLFLOW_STATIC_PREFIX"]?.replace(/\/$/, "") ?? "";
}
