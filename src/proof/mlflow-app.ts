import { connectionTarget } from "../engine/connection-target.ts";
import type { ServiceAccess } from "../engine/service-access.ts";
import { isHttpFailure, type HttpRequest, type HttpResponse } from "../ports/http.ts";
import type { SqlTarget } from "../ports/sql.ts";
import type { MlflowAddress } from "../probe/probe-mlflow-store.ts";
import { ownAddress, staticPrefix } from "../stack/readiness.ts";
import { serviceNames } from "../topology/service-names.ts";
import type { ServiceRole } from "../topology/topology.ts";
import type { ProofContext } from "./proof-context.ts";

/** An MLflow server of this project as the proof meets it. */
export interface MlflowApp {
  readonly id: string;
  readonly role: ServiceRole;
  readonly access: ServiceAccess;
  readonly address: MlflowAddress;
  /** Host names that mean it: service, aliases, container name. Lower case. */
  readonly names: readonly string[];
  /** As its clients in other containers name it: `http://mlflow:5000`. */
  readonly clientUri: string;
  /** The backend store; undefined when it is no PostgreSQL of this project. */
  readonly database: SqlTarget | undefined;
  /** Headers of a client's login, from the variables that MLflow clients read. */
  readonly login: Readonly<Record<string, string>>;
}

/** Every running MLflow server. `clientEnvironment`: where its clients' login stands. */
export async function openMlflowApps(
  context: ProofContext,
  clientEnvironment: Readonly<Record<string, string>>,
): Promise<readonly MlflowApp[]> {
  const { session, ports } = context;
  const found: MlflowApp[] = [];
  for (const app of session.topology.apps.filter((one) => one.product === "mlflow")) {
    for (const service of app.services) {
      const role = session.topology.services[service];
      const definition = session.project.services[service];
      const address = role === undefined ? undefined : ownAddress(ports, role);
      if (role?.component?.id !== "server" || address === undefined || definition === undefined) continue;
      const access = await context.open(service);
      if (access === undefined) continue;
      const connection = session.topology.connections.find((one) => one.service === service && one.role === "metadata");
      const prefix = staticPrefix(role);
      found.push({
        id: app.id,
        role,
        access,
        address: { baseUrl: address.url, hostHeader: `${service}:${address.target}`, prefix },
        names: serviceNames(service, definition, Object.keys(definition.networks)).map((name) => name.toLowerCase()),
        clientUri: `http://${service}:${address.target}`,
        database: connection?.dialect === "postgresql" ? connectionTarget(session, ports, connection) : undefined,
        login: loginHeaders(clientEnvironment),
      });
    }
  }
  return found;
}

function loginHeaders(environment: Readonly<Record<string, string>>): Record<string, string> {
  const user = environment["MLFLOW_TRACKING_USERNAME"];
  const password = environment["MLFLOW_TRACKING_PASSWORD"] ?? "";
  const token = environment["MLFLOW_TRACKING_TOKEN"];
  if (user !== undefined) return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Asks MLflow's REST interface from outside, with the Host header of its clients. Throws with what it answered. */
export async function askMlflow(
  context: ProofContext,
  mlflow: MlflowApp,
  request: Pick<HttpRequest, "method" | "body"> & {
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<HttpResponse> {
  const { method = "GET", path, body } = request;
  const answer = await context.session.home.ports.http.request({
    method,
    url: mlflow.address.baseUrl + mlflow.address.prefix + path,
    headers: {
      host: mlflow.address.hostHeader,
      "content-type": "application/json",
      ...mlflow.login,
      ...request.headers,
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: 30_000,
    signal: context.signal,
  });
  const shown = path.split("?")[0] ?? path;
  if (isHttpFailure(answer)) throw new Error(`${method} ${shown} of ${mlflow.role.service}: ${answer.reason}`);
  if (answer.status >= 300) {
    throw new Error(
      `${method} ${shown} of ${mlflow.role.service} answered ${answer.status}: ${answer.text.slice(0, 300)}`,
    );
  }
  return answer;
}
