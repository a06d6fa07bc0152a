import type { Cause } from "../../diagnose/fold-causes.ts";
import type { ActionContext } from "../context.ts";
import { diagnoseLogs } from "./diagnose-logs.ts";
import { openUnitLogs } from "./open-unit-logs.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** Of each log: a command that tells something else must not wait for old days. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Why services failed, where their project's logs leave no doubt; undefined otherwise, and where the logs cannot be read:
 * a diagnosis must not take the place of the failure it is for.
 *
 * @param services undefined: whichever failed
 * @param since when the failed attempt began, milliseconds since the epoch; undefined: whenever
 */
export async function findCause(
  context: ActionContext,
  stack: KnownStack,
  services: readonly string[] | undefined,
  since: number | undefined,
): Promise<Cause | undefined> {
  try {
    const { causes } = await diagnoseLogs(stack, await openUnitLogs(context, stack, since, MOST_BYTES), since);
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
