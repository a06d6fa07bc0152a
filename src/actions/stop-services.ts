import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";
import { listRunning } from "../stack/list-running.ts";
import { stopOrder } from "../stack/plan-waits.ts";

export interface ServiceStop {
  /** Undefined: everything that runs. */
  readonly services: readonly string[] | undefined;
  /** Grace before KILL; each service's own when left out. */
  readonly timeoutMs?: number;
  /** Natively: nothing is to be known of the units any more. */
  readonly forget?: boolean;
}

/** Ends those of the services that run, dependents first, and keeps their data. The caller holds the project's lock. */
export async function stopServices(session: NativeSession | DockerSession, wanted: ServiceStop): Promise<void> {
  const running = await listRunning(session);
  const chosen = running.filter((service) => wanted.services?.includes(service) ?? true);
  for (const wave of stopOrder(session.project, chosen)) {
    if (session.engine === "docker") {
      const { stopContainers } = await import("./docker/stop-containers.ts");
      await stopContainers(session, wave, wanted.timeoutMs);
    } else await stopUnits(session, wave, wanted);
  }
}

async function stopUnits(
  session: NativeSession,
  services: readonly string[],
  { timeoutMs, forget }: ServiceStop,
): Promise<void> {
  const client = await findSupervisor(session);
  const how = {
    signal: session.home.signal,
    ...(forget === undefined ? {} : { forget }),
    ...(timeoutMs === undefined ? {} : { graceMs: timeoutMs }),
  };
  try {
    await Promise.all(
      services.map(async (service) => {
        await client?.stop(service, how);
        session.home.emit({ type: "service", service, state: "stopped" });
      }),
    );
  } finally {
    client?.close();
  }
}
