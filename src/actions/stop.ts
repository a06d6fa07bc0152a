import type { ServiceRow } from "../core/result-rows.ts";
import { findSupervisor } from "../engine/native/native-session.ts";
import { stopOrder } from "../stack/plan-waits.ts";
import { isOver } from "../stack/unit-watch.ts";
import { assertServices } from "./assert-services.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";
import { listServices } from "./list-services.ts";
import { withProjectLock } from "./with-project-lock.ts";

export interface StopOptions {
  readonly services: readonly string[];
  /** Grace before KILL; each unit's own when left out. */
  readonly timeoutMs?: number;
}

/** Ends the units of the named services (all when none is named), dependents first. Keeps everything else. */
export async function stop(
  context: ActionContext,
  options: ProjectOptions,
  wanted: StopOptions,
): Promise<{ readonly services: readonly ServiceRow[] }> {
  const opened = await openEngineSession(context, options);
  assertServices(opened.project, wanted.services);
  return withProjectLock(context, opened, async (session): Promise<{ readonly services: readonly ServiceRow[] }> => {
    if (session.engine === "docker") {
      const [{ stopContainers }, { listContainerServices }] = await Promise.all([
        import("./docker/stop-containers.ts"),
        import("./docker/list-container-services.ts"),
      ]);
      await stopContainers(session, wanted);
      return { services: await listContainerServices(session) };
    }
    const client = await findSupervisor(session);
    if (client !== undefined) {
      try {
        const units = (await client.status(context.signal)).filter((status) => !isOver(status));
        const known = new Set(units.map((status) => status.service));
        const chosen =
          wanted.services.length === 0 ? [...known] : wanted.services.filter((service) => known.has(service));
        for (const wave of stopOrder(session.project, chosen)) {
          await Promise.all(
            wave.map(async (service) => {
              await client.stop(service, {
                signal: context.signal,
                ...(wanted.timeoutMs === undefined ? {} : { graceMs: wanted.timeoutMs }),
              });
              context.emit({ type: "service", service, state: "stopped" });
            }),
          );
        }
      } finally {
        client.close();
      }
    }
    return { services: await listServices(context, session, options) };
  });
}
