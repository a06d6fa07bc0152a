import type { YamlValue } from "../edit/edit-kit.ts";
import type { Subject } from "./rule.ts";

/**
 * A health check that tells whether the service can work, for products that answer one, written for a Compose file.
 * Undefined for others. PostgreSQL is asked by TCP: while its image prepares a new volume, a temporary server answers on
 * the socket only. MLflow's image has no curl, and its `/health` answers without the database.
 */
export function planHealthcheck({ topology, project }: Subject, service: string): YamlValue | undefined {
  const server = topology.servers.find((one) => one.service === service);
  if (server !== undefined) {
    const isWritten = (name: string) =>
      project.origins
        .at(["services", service, "environment", name])
        ?.chain.some(({ step }) => step === "interpolated") !== true;
    const user = isWritten("POSTGRES_USER") ? server.superuser : undefined;
    const database = isWritten("POSTGRES_DB") && user !== undefined ? server.database : undefined;
    const test: YamlValue =
      user === undefined || database === undefined
        ? 'pg_isready -h 127.0.0.1 -U "$${POSTGRES_USER}" -d "$${POSTGRES_DB:-$$POSTGRES_USER}"'
        : /^[\w.-]+$/.test(user + database)
          ? `pg_isready -h 127.0.0.1 -U ${user} -d ${database}`
          : ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", user, "-d", database];
    return { test, interval: "5s", timeout: "5s", retries: 12 };
  }
  const role = topology.services[service];
  const port = topology.listeners.find((one) => one.service === service && one.purpose === "api")?.port;
  if (role?.component === undefined || port === undefined) return undefined;
  const slow = { interval: "10s", timeout: "10s", retries: 5, start_period: "60s" };
  if (role.product === "mlflow") {
    const url = `http://localhost:${port}/api/2.0/mlflow/experiments/search?max_results=1`;
    return {
      test: ["CMD", "python", "-c", `from urllib.request import urlopen; urlopen("${url}", timeout=5)`],
      ...slow,
    };
  }
  if (role.product !== "airflow") return undefined;
  const path = role.component.id === "api-server" ? "/api/v2/monitor/health" : "/health";
  if (role.component.id !== "api-server" && role.component.id !== "webserver") return undefined;
  return { test: `curl --fail --silent http://localhost:${port}${path}`, ...slow };
}

/** Whether the service or its image has a health check. Nobody can know it of an image that is not in the catalog. */
export function hasHealthcheck({ topology, project, sources }: Subject, service: string): boolean | "unknown" {
  const { healthcheck, incomplete } = project.services[service] ?? {};
  if (incomplete?.some((key) => key === "*" || key === "healthcheck" || key === "image" || key === "build"))
    return "unknown";
  if (healthcheck?.disable === true || healthcheck?.test?.[0] === "NONE") return false;
  if (healthcheck?.test !== undefined) return true;
  const role = topology.services[service];
  // The official images of PostgreSQL, Airflow and MLflow bring none.
  if (role?.base === undefined) return "unknown";
  if (role.dockerfile === undefined) return false;
  const read = sources.read(role.dockerfile.path);
  if (read.kind !== "file") return "unknown";
  return /^[ \t]*HEALTHCHECK\s+(?!NONE)/im.test(new TextDecoder().decode(read.bytes));
}
