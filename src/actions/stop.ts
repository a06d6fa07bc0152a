import type { ServiceRow } from "../core/result-rows.ts";
import { assertServices } from "./assert-services.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";
import { listServices } from "./list-services.ts";
import { stopServices } from "./stop-services.ts";
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
    const { services, ...grace } = wanted;
    await stopServices(session, { services: services.length === 0 ? undefined : services, ...grace });
    if (session.engine === "docker") {
      const { listContainerServices } = await import("./docker/list-container-services.ts");
      return { services: await listContainerServices(session) };
    }
    return { services: await listServices(context, session, options) };
  });
}
