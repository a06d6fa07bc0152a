import type { Cause } from "../../diagnose/fold-causes.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { diagnoseLogs } from "./diagnose-logs.ts";
import { openStackLogs } from "./open-stack-logs.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/**
 * Why services failed, where their project's logs leave no doubt; undefined otherwise, and where the logs cannot be read:
 * a diagnosis must not take the place of the failure it is for.
 *
 * @param services undefined: whichever failed
 * @param since when the failed attempt began, milliseconds since the epoch; undefined: whenever
 */
export async function findCause(
  context: ActionContext,
  options: ProjectOptions,
  stack: KnownStack,
  services: readonly string[] | undefined,
  since: number | undefined,
): Promise<Cause | undefined> {
  try {
    const logs = await openStackLogs(context, options, stack, { since, isShort: true });
    const { causes } = await diagnoseLogs(stack, logs, since);
    return causes.find(
      (cause) =>
        cause.confidence === "certain" &&
        (services === undefined ||
          [cause, ...cause.consequences].some((one) => one.services.some((service) => services.includes(service)))),
    );
  } catch {
    return undefined;
  }
}
