import type { AccessRow, ServiceRow } from "../core/result-rows.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import {
  findSupervisor,
  openSupervisor,
  settlePorts,
  shareResources,
  type NativeSession,
} from "../engine/native/native-session.ts";
import type { EngineName } from "../engine/project-state.ts";
import { supplyServices } from "../engine/native/supply-services.ts";
import { bringUp } from "../stack/bring-up.ts";
import { confirmStack } from "../stack/confirm-stack.ts";
import { listAccess } from "../stack/list-access.ts";
import { watchUnits } from "../stack/unit-watch.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { saveListing } from "./save-listing.ts";

export interface StartOptions {
  readonly waitTimeoutMs: number;
  readonly autoPorts: boolean;
  /** End units whose service is no longer in the file. */
  readonly removeOrphans: boolean;
}

export interface StartedServices {
  readonly project: string;
  readonly engine: EngineName;
  readonly services: readonly ServiceRow[];
  readonly access: readonly AccessRow[];
  readonly ok: boolean;
}

/**
 * Starts services of a project and resolves when all are ready. The caller holds the project's lock. Throws as `up` does.
 */
export async function startServices(
  context: ActionContext,
  session: NativeSession | DockerSession,
  options: ProjectOptions,
  services: readonly string[],
  wanted: StartOptions,
): Promise<StartedServices> {
  if (session.engine === "docker") {
    const { upContainers } = await import("./docker/up-containers.ts");
    return upContainers(context, session, services, wanted);
  }
  const running = await runningServices(session);
  await settleOrphans(context, session, running, wanted.removeOrphans);
  // A taken port is said before anything is downloaded.
  const ports = await settlePorts(session, { running, taking: new Set(services), auto: wanted.autoPorts });
  const supplies = await supplyServices(session.supply, {
    project: session.project,
    sources: session.home.ports.sources,
    topology: session.topology,
    services,
    postgresDependency: context.postgresDependency,
    nodeDirectory: context.nodeDirectory,
  });
  const client = await openSupervisor(session);
  const watch = await watchUnits(client);
  try {
    const sharedResources = await shareResources(session);
    const { waitTimeoutMs } = wanted;
    await bringUp({
      session,
      client,
      watch,
      supplies,
      ports,
      sharedResources,
      services,
      waitTimeoutMs,
      runsOwnChecks: true,
    });
    const rows = await confirmStack({ session, watch, ports, services, signal: context.signal });
    await saveListing(session, options, { rows, watch, ports });
    return {
      project: session.project.name,
      engine: "native",
      services: rows,
      access: listAccess(session, ports, services),
      ok: rows.every((row) => row.state === "ready" || row.state === "completed"),
    };
  } finally {
    watch.close();
    client.close();
  }
}

/** Services whose unit runs now, or is tried again and again: the ports they hold are theirs. */
async function runningServices(session: NativeSession): Promise<ReadonlySet<string>> {
  const client = session.record === undefined ? undefined : await findSupervisor(session);
  if (client === undefined) return new Set();
  const statuses = await client.status();
  client.close();
  return new Set(
    statuses.filter(({ state }) => state !== "stopped" && state !== "exited").map((status) => status.service),
  );
}

/** Units of services that the file no longer has are told, as Compose tells them, or ended. */
async function settleOrphans(
  context: ActionContext,
  session: NativeSession,
  running: ReadonlySet<string>,
  remove: boolean,
): Promise<void> {
  const { services, disabledServices, name } = session.project;
  const orphans = [...running].filter((one) => services[one] === undefined && disabledServices[one] === undefined);
  if (orphans.length === 0) return;
  if (!remove) {
    const message = `${orphans.join(", ")} still runs in ${name}, but is no longer in the file.`;
    context.emit({ type: "warning", message, hint: "bulkhead up --remove-orphans" });
    return;
  }
  const client = await findSupervisor(session);
  try {
    for (const service of orphans) {
      context.emit({ type: "service", service, state: "stopped", detail: "stopping" });
      await client?.stop(service, { forget: true, signal: context.signal });
      context.emit({ type: "service", service, state: "stopped" });
    }
  } finally {
    client?.close();
  }
}
