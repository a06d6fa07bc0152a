import type { Cause } from "../../diagnose/fold-causes.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { diagnoseLogs } from "./diagnose-logs.ts";
import { openStackLogs } from "./open-stack-logs.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** What failed, as far as it is known. */
export interface Failure {
  /** Undefined: whichever service it was. */
  readonly services?: readonly string[];
  /** When it was begun, milliseconds since the epoch; undefined: whenever. */
  readonly since?: number;
}

/**
 * Why services failed, where their project's logs leave no doubt; undefined otherwise, and where the logs cannot be read:
 * a diagnosis must not take the place of the failure it is for.
 */
export async function findCause(
  context: ActionContext,
  options: ProjectOptions,
  stack: KnownStack,
  { services, since }: Failure,
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
