import type { YamlValue } from "../edit/edit-kit.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";

/**
 * A health check that tells whether the service can work, for products that answer one, written for a Compose file.
 * Undefined for others.
 */
export function planHealthcheck(subject: Subject, service: string): YamlValue | undefined {
  const { topology } = subject;
  const server = topology.servers.find((one) => one.service === service);
  if (server !== undefined) {
    return { test: askPostgres(subject, server), interval: "5s", timeout: "5s", retries: 12 };
  }
  const port = topology.listeners.find((one) => one.service === service && one.purpose === "api")?.port;
  const test = port === undefined ? undefined : askOverHttp(subject, service, port);
  return test && { test, interval: "10s", timeout: "10s", retries: 5, start_period: "60s" };
}

/** By TCP: while the image prepares a new volume, a temporary server answers on the socket only. */
function askPostgres({ project }: Subject, { service, superuser, database, port }: DatabaseServer): YamlValue {
  const isWritten = ["POSTGRES_USER", "POSTGRES_DB"].every((name) =>
    (project.origins.at(["services", service, "environment", name])?.chain ?? []).every(
      ({ step }) => step !== "interpolated",
    ),
  );
  const address = ["-h", "127.0.0.1", ...(port === 5432 ? [] : ["-p", String(port)])];
  if (!isWritten) {
    return `pg_isready ${address.join(" ")} -U "$\${POSTGRES_USER}" -d "$\${POSTGRES_DB:-$$POSTGRES_USER}"`;
  }
  const words = ["pg_isready", ...address, "-U", superuser, "-d", database];
  return words.every((word) => /^[\w.-]+$/.test(word)) ? words.join(" ") : ["CMD", ...words];
}

/** MLflow's image has no curl; its `/health` answers also where logins and hosts are checked. */
function askOverHttp({ topology }: Subject, service: string, port: number): YamlValue | undefined {
  const { product, component } = topology.services[service] ?? {};
  if (product === "mlflow") {
    const url = `http://localhost:${port}${staticPrefix(topology, service)}/health`;
    return ["CMD", "python", "-c", `from urllib.request import urlopen; urlopen("${url}", timeout=5)`];
  }
  if (product !== "airflow") return undefined;
  const paths: Readonly<Record<string, string>> = { webserver: "/health", "api-server": "/api/v2/monitor/health" };
  const path = paths[component?.id ?? ""];
  return path === undefined ? undefined : `curl --fail --silent http://localhost:${port}${path}`;
}

function staticPrefix({ invocations }: Subject["topology"], service: string): string {
  const words = invocations
    .filter((one) => one.service === service && one.program === "mlflow")
    .flatMap((one) => one.words.map(({ text }) => text));
  const at = words.findIndex((word) => word.startsWith("--static-prefix"));
  const [, joined] = words[at]?.split("=", 2) ?? [];
  return (joined ?? (at < 0 ? "" : (words[at + 1] ?? ""))).replace(/\/$/, "");
}
