import type { ServiceRow } from "../core/result-rows.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { stop, type StopOptions } from "./stop.ts";
import { up } from "./up.ts";

const waitTimeoutMs = 300_000;

/** Stops services and starts them again, until ready. Their definition is read anew, as `up` does. */
export async function restart(
  context: ActionContext,
  options: ProjectOptions,
  wanted: StopOptions,
): Promise<{ readonly services: readonly ServiceRow[] }> {
  await stop(context, options, wanted);
  const { services } = await up(context, options, {
    services: wanted.services,
    waitTimeoutMs,
    autoPorts: false,
    attach: false,
    removeOrphans: false,
    without: [],
    check: false,
  });
  return { services };
}
