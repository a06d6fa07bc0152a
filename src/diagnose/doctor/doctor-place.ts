import type { DockerCli } from "../../engine/docker/docker-cli.ts";
import type { PortTable } from "../../engine/plan-ports.ts";
import type { EngineName } from "../../engine/project-state.ts";
import type { ServiceAccess } from "../../engine/service-access.ts";
import type { Session } from "../../engine/session.ts";
import type { UnitStatus } from "../../engine/native/unit.ts";
import type { Dial } from "../../ports/processes.ts";
import type { Ports } from "../../ports/ports.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import type { SupplyContext } from "../../supply/supply.ts";

/** What `doctor` looks at: this machine, and a project's stack where there is one. */
export interface DoctorPlace {
  readonly io: Ports;
  /** Undefined: none was chosen yet. */
  readonly engine: EngineName | undefined;
  /** Where the state of all projects is kept. */
  readonly dataDirectory: string;
  readonly supply: SupplyContext;
  readonly docker: Pick<DockerCli, "docker" | "env">;
  readonly stack: StackPlace | undefined;
}

/** A project's stack, whatever of it runs. */
export interface StackPlace {
  /** Its `http` and `sql` reach what runs. */
  readonly session: Session;
  /** Empty where it was never started. */
  readonly ports: PortTable;
  /** What is known of each service that was ever started. */
  readonly units: ReadonlyMap<string, UnitStatus>;
  /** Services that are there to end, and did so with success, now or earlier. */
  readonly completed: ReadonlySet<string>;
  /** The account that services run as under the native engine. */
  readonly unitUser: { readonly uid: number; readonly gid: number };
  /** The way to a server as its superuser, whatever passwords say. */
  readonly openServer: (service: string) => Pick<ServerAccess, "connect" | "role">;
  /** Undefined where a service was never started. */
  readonly open: (service: string) => Promise<ServiceAccess | undefined>;
  /** A line as a service opens it, by its own names and network; undefined: from this machine it is the same. */
  readonly dialFrom: (service: string, host: string, port: number) => Dial | undefined;
  /** Where an MLflow server answers on this machine; undefined: it has no address. */
  readonly mlflowAt: (
    service: string,
  ) => { readonly baseUrl: string; readonly target: number; readonly prefix: string } | undefined;
}

/** Whether a service has a process now. */
export function isRunning({ units }: Pick<StackPlace, "units">, service: string): boolean {
  return units.get(service)?.state === "running";
}
