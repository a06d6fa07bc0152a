import type { AccessRow } from "../core/result-rows.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { PortTable } from "../engine/native/plan-ports.ts";
import { describeValuePlace } from "./describe-value-place.ts";

/** How to open each user interface and database. Says where a password stands, never the password. */
export function listAccess(
  session: NativeSession,
  ports: PortTable,
  services: readonly string[],
): readonly AccessRow[] {
  const rows: AccessRow[] = [];
  for (const service of services) {
    const role = session.topology.services[service];
    for (const listener of role?.component?.listeners ?? []) {
      const found =
        Object.entries(ports[service] ?? {}).find(([target]) => Number(target) === listener.port) ??
        Object.entries(ports[service] ?? {})[0];
      if (found === undefined || role === undefined) continue;
      const [, address] = found;
      const host = address.host === "127.0.0.1" || address.host === "0.0.0.0" ? "localhost" : address.host;
      if (listener.purpose === "api") {
        const login = role.product === "airflow" ? airflowLogin(session) : undefined;
        rows.push({
          service,
          kind: "ui",
          url: `http://${host}:${address.port}`,
          user: login?.user ?? null,
          passwordIn: login?.passwordIn ?? null,
          open: null,
        });
        break;
      }
      const server = session.topology.servers.find((one) => one.service === service);
      if (listener.purpose !== "sql" || server === undefined) continue;
      rows.push({
        service,
        kind: "database",
        url: `${host}:${address.port}/${server.database}`,
        user: server.superuser,
        passwordIn: server.passwordIn ?? null,
        open: `bulkhead exec ${service} psql -U ${server.superuser} ${server.database}`,
      });
    }
  }
  return rows;
}

/**
 * The admin that the project's own files name: `_AIRFLOW_WWW_USER_*`, or a `users create` job's variables or flags.
 * Undefined when nothing names one.
 */
function airflowLogin(
  session: NativeSession,
): { readonly user: string; readonly passwordIn: string | null } | undefined {
  for (const role of Object.values(session.topology.services)) {
    if (role.product !== "airflow") continue;
    const pairs = [
      ["_AIRFLOW_WWW_USER_USERNAME", "_AIRFLOW_WWW_USER_PASSWORD"],
      ["ADMIN_USER", "ADMIN_PASSWORD"],
    ] as const;
    for (const [user, password] of pairs) {
      const name = role.environment[user];
      if (name === undefined || role.environment[password] === undefined) continue;
      return {
        user: name,
        passwordIn: describeValuePlace(session.project, ["services", role.service, "environment", password]) ?? null,
      };
    }
    const script = role.argv.join(" ");
    const written = /users\s+create\b[^]*?(?:--username|-u)[= ](\S+)/.exec(script)?.[1];
    if (written !== undefined) return { user: written, passwordIn: `command of ${role.service}` };
  }
  return undefined;
}
