import type { Project } from "../compose/project.ts";
import type { AddressCandidate } from "./address-candidate.ts";
import { airflowCandidates } from "./airflow-candidates.ts";
import { variablesOf } from "./find-connections.ts";
import { parseAirflowConnection } from "./parse-airflow-connection.ts";
import { parseDatabaseUrl, type DatabaseUrl } from "./parse-database-url.ts";
import { readStateOf } from "./read-state.ts";
import { resolveHost } from "./resolve-host.ts";
import type { ServiceView } from "./service-view.ts";
import type { App, Endpoint } from "./topology.ts";

/** Ports of schemes whose address may leave them out. */
const schemePorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
};

/** Addresses that a service is given beside its own databases: brokers, MLflow servers, Airflow connections. */
export function findEndpoints(project: Project, view: ServiceView, apps: readonly App[]): readonly Endpoint[] {
  const isAirflow =
    view.role.product === "airflow" || view.command.invocations.some((one) => one.product === "airflow");
  const airflow = apps.find((app) => app.product === "airflow" && app.services.includes(view.name))?.id;
  const own = apps.find((app) => app.product === view.role.product && app.services.includes(view.name))?.id;
  const variables = variablesOf(
    view,
    view.command.invocations.filter((one) => one.product !== undefined),
  );
  const found: Endpoint[] = [];
  const add = (role: Endpoint["role"], app: string | undefined, candidate: AddressCandidate | undefined): void => {
    if (candidate !== undefined) found.push(buildEndpoint(project, view.name, role, app, candidate));
  };
  if (isAirflow) {
    add("broker", airflow, airflowCandidates(view, "broker", variables)[0]);
    add("execution-api", airflow, airflowCandidates(view, "execution-api", variables)[0]);
  }
  for (const [name, text] of variables) {
    const candidate = { writtenIn: name, via: "environment", text } as const;
    if (name === "MLFLOW_TRACKING_URI") add("tracking", own, candidate);
    else if (name === "MLFLOW_REGISTRY_URI") add("registry", own, candidate);
    else if (isAirflow && /^AIRFLOW_CONN_\w+$/.test(name)) add("airflow-connection", airflow, candidate);
  }
  return found.filter(({ writtenIn, via }) => via !== "environment" || !view.missingEnvFiles.includes(writtenIn));
}

function buildEndpoint(
  project: Project,
  service: string,
  role: Endpoint["role"],
  app: string | undefined,
  { writtenIn, via, text, reason }: AddressCandidate,
): Endpoint {
  const parsed =
    reason !== undefined
      ? undefined
      : role === "airflow-connection"
        ? parseAirflowConnection(text.text)
        : parseDatabaseUrl(text.text);
  const state =
    reason === undefined ? readStateOf(project, text, withoutLogin(parsed)) : ({ kind: "unknown", reason } as const);
  const url = state.kind === "known" ? parsed : undefined;
  return {
    service,
    app,
    role,
    writtenIn,
    via,
    text,
    state,
    url,
    target: url?.host === undefined ? undefined : resolveHost(project, service, url.host),
    scheme: url?.scheme ?? "",
    host: url?.host,
    port: url?.port ?? schemePorts[url?.scheme ?? ""],
    user: url?.user,
    password: url?.password,
    path: url?.database,
    connectionId: role === "airflow-connection" ? writtenIn.replace(/^AIRFLOW_CONN_/, "").toLowerCase() : undefined,
  };
}

/** Servers need no login: only parts that are written and blank can hide a variable. */
function withoutLogin(url: DatabaseUrl | undefined): DatabaseUrl | undefined {
  return url === undefined
    ? undefined
    : { ...url, user: url.user ?? "-", password: url.password ?? "-", database: url.database ?? "-" };
}
