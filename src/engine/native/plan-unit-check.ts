import { airflowOperation } from "../../catalog/airflow/operation.ts";
import type { ServiceRole } from "../../topology/topology.ts";
import type { UnitCheck } from "./unit.ts";

const timing = { intervalMs: 10_000, timeoutMs: 5_000, retries: 3, startPeriodMs: 120_000 };

/**
 * What the supervisor asks a running unit again and again: the cheapest question that tells a living application from a
 * hung one. Whether it also reaches its database is asked by the commands. Undefined for parts without a port.
 */
export function planUnitCheck(
  role: ServiceRole,
  address: { readonly host: string; readonly port: number } | undefined,
): UnitCheck | undefined {
  if (address === undefined) return undefined;
  const host = address.host === "0.0.0.0" ? "127.0.0.1" : address.host;
  const component = role.component?.id;
  if (role.product === "postgres") return { ...timing, test: { kind: "tcp", host, port: address.port } };
  const path =
    role.product === "mlflow" && component === "server"
      ? "/health"
      : role.product === "airflow" && (component === "api-server" || component === "webserver")
        ? aliveness(role.version)
        : undefined;
  if (path === undefined) return undefined;
  const authority = host.includes(":") ? `[${host}]` : host;
  // Under a path prefix of the file the same server answers 404.
  return {
    ...timing,
    test: { kind: "http", url: `http://${authority}:${address.port}${path}`, expectStatus: [200, 404] },
  };
}

/** From 3.0 on a page that asks no database; before, the health page is the only one without a login. */
function aliveness(version: string | undefined): string {
  const { healthPath } = airflowOperation(version ?? "");
  return healthPath.startsWith("/api/v2/") ? "/api/v2/version" : healthPath;
}
