import { join } from "node:path";

import { connectionTarget } from "../engine/connection-target.ts";
import type { ServiceAccess } from "../engine/service-access.ts";
import type { SqlTarget } from "../ports/sql.ts";
import { ownAddress } from "../stack/readiness.ts";
import type { App, ServiceRole } from "../topology/topology.ts";
import type { ProofContext } from "./proof-context.ts";

/** An Airflow of this project as the proof meets it: its running services, its database and its API. */
export interface AirflowApp {
  readonly id: string;
  readonly major: number;
  readonly minor: number;
  readonly services: readonly AirflowService[];
  /** Parses DAG files: the dag-processor, else the scheduler. */
  readonly parser: AirflowService | undefined;
  readonly scheduler: AirflowService | undefined;
  /** Runs tasks: a Celery worker where there is one, else the scheduler. */
  readonly runner: AirflowService | undefined;
  /** Webserver (2.x) or api-server (3.x) with the root of its pages, no slash at the end. */
  readonly api: (AirflowService & { readonly url: string }) | undefined;
  /** The metadata database; undefined when it is no PostgreSQL of this project. */
  readonly database: SqlTarget | undefined;
}

export interface AirflowService {
  readonly role: ServiceRole;
  readonly access: ServiceAccess;
}

export async function openAirflowApp(context: ProofContext, app: App): Promise<AirflowApp> {
  const { session, ports } = context;
  const services: AirflowService[] = [];
  for (const service of app.services) {
    const role = session.topology.services[service];
    const access = await context.open(service);
    if (role !== undefined && access !== undefined) services.push({ role, access });
  }
  const find = (...components: readonly string[]): AirflowService | undefined =>
    components.flatMap((id) => services.filter(({ role }) => role.component?.id === id))[0];
  const scheduler = find("scheduler", "standalone");
  const server = find("api-server", "webserver", "standalone");
  const address = server === undefined ? undefined : ownAddress(ports, server.role);
  const connection = session.topology.connections.find((one) => one.app === app.id && one.role === "metadata");
  const target = connection?.dialect === "postgresql" ? connectionTarget(session, ports, connection) : undefined;
  const [major = 0, minor = 0] = app.version.split(".").map(Number);
  return {
    id: app.id,
    major,
    minor,
    services,
    parser: find("dag-processor", "scheduler", "standalone"),
    scheduler,
    runner: find("worker", "scheduler", "standalone"),
    api:
      server === undefined || address === undefined
        ? undefined
        : { ...server, url: address.url + basePath(server.access) },
    database: target,
  };
}

/** `AIRFLOW_HOME` of a service. */
export function airflowHome({ role, access }: AirflowService): string {
  return access.env["AIRFLOW_HOME"] ?? join(access.env["HOME"] ?? "/", role.product === "airflow" ? "airflow" : "");
}

/** A UI behind a path (`[api] base_url`, `[webserver] base_url`) answers below that path only. */
function basePath({ env }: ServiceAccess): string {
  const written = env["AIRFLOW__API__BASE_URL"] ?? env["AIRFLOW__WEBSERVER__BASE_URL"];
  if (written === undefined || !URL.canParse(written)) return "";
  return new URL(written).pathname.replace(/\/+$/, "");
}
