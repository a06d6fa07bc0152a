import { isToolError } from "../core/tool-error.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import type { EngineHome } from "../engine/session.ts";
import {
  findSupervisor,
  openSupervisor,
  recordedPorts,
  settlePorts,
  shareResources,
  type NativeSession,
} from "../engine/native/native-session.ts";
import { openServerAccess } from "../engine/native/open-server-access.ts";
import { supplyServices } from "../engine/native/supply-services.ts";
import type { ServerAccess } from "../ports/server-access.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { bringUp } from "./bring-up.ts";
import type { BringUpRequest } from "./bring-up-context.ts";
import { isNeeded } from "./is-needed.ts";
import { isOver, watchUnits } from "./unit-watch.ts";
import { withRunningContainers } from "./with-running-containers.ts";

/** A server that was killed reads its log first. */
const waitTimeoutMs = 300_000;

/** A PostgreSQL service that runs now, or why it does not. */
export type RunningServer = { readonly server: DatabaseServer } & (
  | { readonly access: ServerAccess; readonly failure: undefined }
  | { readonly access: undefined; readonly failure: Error }
);

/**
 * Starts those of the PostgreSQL services that do not run, nothing else of the project, and stops them again after `work`, but
 * for those that what runs then needs: a split that is carried on starts the stack again.
 * A password that drifted hinders nothing: the socket asks for none. A server that cannot start is handed over with why.
 */
export async function withRunningServers<T>(
  home: EngineHome & { readonly nodeDirectory: string },
  session: NativeSession | DockerSession,
  servers: readonly DatabaseServer[],
  work: (running: readonly RunningServer[]) => Promise<T>,
): Promise<T> {
  if (session.engine === "docker") return withRunningContainers(session, servers, work);
  const supplies = await supplyServices(session.supply, {
    project: session.project,
    sources: session.home.ports.sources,
    topology: session.topology,
    services: servers.map(({ service }) => service),
    postgresDependency: home.postgresDependency,
    nodeDirectory: home.nodeDirectory,
  });
  const hadSupervisor = await hasSupervisor(session);
  const client = await openSupervisor(session);
  const watch = await watchUnits(client);
  const started = new Set<string>();
  const known = new Set((await client.status()).map(({ service }) => service));
  try {
    const running = new Set(
      Object.keys(session.project.services).filter((service) => {
        const status = watch.status(service);
        return status !== undefined && !isOver(status);
      }),
    );
    const stopped = new Set(servers.map(({ service }) => service).filter((service) => !running.has(service)));
    const ports =
      stopped.size === 0
        ? recordedPorts(session)
        : await settlePorts(session, { running, taking: stopped, auto: true });
    const request = { session, client, watch, supplies, ports, sharedResources: await shareResources(session) };
    const found: RunningServer[] = [];
    for (const server of servers) {
      if (stopped.has(server.service)) started.add(server.service);
      const failure = stopped.has(server.service) ? await startServer(request, server.service) : undefined;
      if (failure !== undefined) await client.stop(server.service);
      found.push(
        failure === undefined
          ? { server, access: openServerAccess(session, server.service, ports), failure }
          : { server, access: undefined, failure },
      );
    }
    return await work(found);
  } finally {
    const statuses = await client.status().catch(() => []);
    const running = statuses.filter((status) => !isOver(status)).map(({ service }) => service);
    const unneeded = [...started].filter((service) => !isNeeded(session, service, running));
    await Promise.allSettled(unneeded.map((service) => client.stop(service, { forget: !known.has(service) })));
    watch.close();
    const isIdle = running.every((service) => unneeded.includes(service));
    if (!hadSupervisor && isIdle) await client.shutdown("stop").catch(() => undefined);
    client.close();
  }
}

async function hasSupervisor(session: NativeSession): Promise<boolean> {
  const client = await findSupervisor(session);
  client?.close();
  return client !== undefined;
}

/** Gives why it does not start. */
async function startServer(
  request: Omit<BringUpRequest, "services" | "waitTimeoutMs" | "runsOwnChecks">,
  service: string,
): Promise<Error | undefined> {
  try {
    await bringUp({ ...request, services: [service], waitTimeoutMs, runsOwnChecks: false });
    return undefined;
  } catch (error) {
    request.session.home.signal.throwIfAborted();
    if (!(error instanceof Error) || (isToolError(error) && error.code === "PASSWORD_CHANGED")) return undefined;
    return error;
  }
}
