import type { EditStep, YamlValue } from "../edit/edit-kit.ts";
import type { Service } from "../compose/project.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";
import type { DatabasePlan } from "./fix-of-moves.ts";

/**
 * A PostgreSQL service beside the one that is there: image, networks, restart and health check like its sibling's.
 *
 * @param wanted what it is called, where that is free
 */
export function planSiblingServer(
  subject: Subject,
  sibling: DatabaseServer,
  name: string,
  wanted: string | undefined,
): DatabasePlan | undefined {
  const { project, topology, edit } = subject;
  const service = project.services[sibling.service];
  const image = topology.services[sibling.service]?.baseImage;
  if (service === undefined || image === undefined || service.network_mode !== undefined) return undefined;
  const host = edit.freeName("services", wanted ?? rename(sibling.service, subject, name, "-"));
  const volume = edit.freeName("volumes", volumeName(subject, service, sibling, host, name));
  const passwordVariable = edit.freeName("variables", `${name.toUpperCase()}_DB_PASSWORD`);
  const target = sibling.major >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
  const own = project.origins.keyAt(["services", sibling.service, "networks"]) !== undefined;
  const value: YamlValue = {
    image: image.replaceAll("$", "$$$$"),
    environment: { POSTGRES_USER: name, POSTGRES_PASSWORD: `\${${passwordVariable}}`, POSTGRES_DB: name },
    volumes: [`${volume}:${target}`],
    ...(own ? { networks: Object.keys(service.networks) } : {}),
    healthcheck: healthcheck(service, name),
    ...(service.restart === undefined || service.restart === "no" ? {} : { restart: service.restart }),
    ...(service.profiles.length === 0 ? {} : { profiles: service.profiles }),
  };
  const steps: readonly EditStep[] = [
    (kit) => kit.addEntry("services", host, value, sibling.service),
    (kit) => kit.addEntry("volumes", volume, null),
  ];
  return {
    host,
    port: 5432,
    name,
    password: `\${${passwordVariable}}`,
    passwordVariable,
    waitFor: { service: host, condition: "service_healthy" },
    steps,
    touches: [
      ["services", host],
      ["volumes", volume],
    ],
    copies: { [host]: sibling.service },
    title: `Give ${name} a PostgreSQL server of its own, ${host}`,
  };
}

/** `postgres-airflow` and `airflow-db` become `postgres-mlflow` and `mlflow-db`; `postgres` becomes `postgres-mlflow`. */
function rename(from: string, { topology }: Subject, name: string, separator: string): string {
  const product = ["airflow", "mlflow"].find((one) => from.includes(one) && !name.startsWith(one));
  const taken = product !== undefined && topology.apps.some((app) => app.product === product);
  return product !== undefined && taken ? from.replace(product, name) : `${from}${separator}${name}`;
}

/** `postgres_data` of `postgres` becomes `postgres_mlflow_data`. */
function volumeName(subject: Subject, service: Service, sibling: DatabaseServer, host: string, name: string): string {
  const own = service.volumes.find(
    ({ type, target }) => type === "volume" && target.startsWith("/var/lib/postgresql"),
  )?.source;
  if (own === undefined) return `${host}-data`;
  const separator = own.includes("_") ? "_" : "-";
  const isOwnName = own.includes(sibling.service) && !host.includes(" ");
  return isOwnName
    ? own.replace(sibling.service, host.replaceAll("-", separator))
    : rename(own, subject, name, separator);
}

/** Over TCP: while the image prepares a new volume, a temporary server answers on the socket only. */
function healthcheck({ healthcheck: like }: Service, name: string): YamlValue {
  return {
    test: `pg_isready -h 127.0.0.1 -U ${name} -d ${name}`,
    interval: like?.interval ?? "5s",
    timeout: like?.timeout ?? "5s",
    retries: like?.retries ?? 12,
    ...(like?.start_period === undefined ? {} : { start_period: like.start_period }),
  };
}
