import { join } from "node:path";

import { airflowOperation } from "../catalog/airflow/operation.ts";
import type { AccessRow } from "../core/result-rows.ts";
import type { Session } from "../engine/session.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import { findAirflowLogins } from "../topology/find-airflow-logins.ts";
import type { ServiceRole } from "../topology/topology.ts";
import { describeValuePlace } from "./describe-value-place.ts";

/** How to open each user interface and database. Says where a password stands, never the password. */
export function listAccess(session: Session, ports: PortTable, services: readonly string[]): readonly AccessRow[] {
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
        const login = role.product === "airflow" ? airflowLogin(session, role) : undefined;
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
 * The first user that the project's own files name. Where none is named, Airflow 3's simple auth manager makes `admin`
 * and keeps the password in a file of the api-server.
 */
function airflowLogin(
  session: Session,
  api: ServiceRole,
): { readonly user: string; readonly passwordIn: string | null } | undefined {
  const [named] = findAirflowLogins(Object.values(session.topology.services));
  if (named !== undefined) {
    const { user, service, variable } = named;
    const path = ["services", service, "environment", variable ?? ""];
    const passwordIn = variable === undefined ? undefined : describeValuePlace(session.project, path);
    return { user, passwordIn: passwordIn ?? `command of ${service}` };
  }
  const manager = api.environment["AIRFLOW__CORE__AUTH_MANAGER"];
  if (airflowOperation(api.version ?? "", manager).users !== "simple") return undefined;
  const home = join(session.layout.units, api.service, "root", api.environment["AIRFLOW_HOME"] ?? "/opt/airflow");
  return { user: "admin", passwordIn: join(home, "simple_auth_manager_passwords.json.generated") };
}
