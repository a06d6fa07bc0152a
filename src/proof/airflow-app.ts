import { join } from "node:path";

import { loadUnitSpec } from "../engine/native/load-unit-spec.ts";
import { connectionTarget } from "../engine/connection-target.ts";
import type { UnitSpec } from "../engine/native/unit.ts";
import type { SqlTarget } from "../ports/sql.ts";
import { ownAddress } from "../stack/readiness.ts";
import type { App, ServiceRole } from "../topology/topology.ts";
import type { ProofContext } from "./proof-context.ts";

/** An Airflow of this project as the proof meets it: the running units, its database and its API. */
export interface AirflowApp {
  readonly id: string;
  readonly major: number;
  readonly minor: number;
  /** Running services with their role and unit. */
  readonly units: readonly AirflowUnit[];
  /** Parses DAG files: the dag-processor, else the scheduler. */
  readonly parser: AirflowUnit | undefined;
  readonly scheduler: AirflowUnit | undefined;
  /** Runs tasks: a Celery worker where there is one, else the scheduler. */
  readonly runner: AirflowUnit | undefined;
  /** Webserver (2.x) or api-server (3.x) with the root of its pages, no slash at the end. */
  readonly api: (AirflowUnit & { readonly url: string }) | undefined;
  /** The metadata database; undefined when it is no PostgreSQL of this project. */
  readonly database: SqlTarget | undefined;
}

export interface AirflowUnit {
  readonly role: ServiceRole;
  readonly spec: UnitSpec;
}

export async function openAirflowApp(context: ProofContext, app: App): Promise<AirflowApp> {
  const { session, ports } = context;
  const units: AirflowUnit[] = [];
  for (const service of app.services) {
    const role = session.topology.services[service];
    const spec = context.running.has(service) ? await loadUnitSpec(session, service) : undefined;
    if (role !== undefined && spec !== undefined) units.push({ role, spec });
  }
  const find = (...components: readonly string[]): AirflowUnit | undefined =>
    components.flatMap((id) => units.filter(({ role }) => role.component?.id === id))[0];
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
    units,
    parser: find("dag-processor", "scheduler", "standalone"),
    scheduler,
    runner: find("worker", "scheduler", "standalone"),
    api:
      server === undefined || address === undefined
        ? undefined
        : { ...server, url: address.url + basePath(server.spec) },
    database: target,
  };
}

/** `AIRFLOW_HOME` of a unit, on this machine. */
export function airflowHome({ role, spec }: AirflowUnit): string {
  return spec.env["AIRFLOW_HOME"] ?? join(spec.env["HOME"] ?? "/", role.product === "airflow" ? "airflow" : "");
}

/** A UI behind a path (`[api] base_url`, `[webserver] base_url`) answers below that path only. */
function basePath(spec: UnitSpec): string {
  const written = spec.env["AIRFLOW__API__BASE_URL"] ?? spec.env["AIRFLOW__WEBSERVER__BASE_URL"];
  if (written === undefined || !URL.canParse(written)) return "";
  return new URL(written).pathname.replace(/\/+$/, "");
}
