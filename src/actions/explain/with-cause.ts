import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** Does `work`, and adds to the failure of a service what its logs tell about the cause, where that is certain. */
export async function withCause<T>(
  context: ActionContext,
  options: ProjectOptions,
  stack: KnownStack,
  work: () => Promise<T>,
): Promise<T> {
  const begun = context.ports.clock.now();
  try {
    return await work();
  } catch (error) {
    if (!isToolError(error) || (error.code !== "STACK_FAILED" && error.code !== "TIMED_OUT")) throw error;
    const { service } = error.detail;
    // The signatures are loaded only where something failed.
    const { findCause } = await import("./find-cause.ts");
    const failure = { since: begun, ...(typeof service === "string" ? { services: [service] } : {}) };
    const cause = await findCause(context, options, stack, failure);
    if (cause === undefined) throw error;
    throw new ToolError(error.code, `${error.message}\n  cause: ${cause.what}`, {
      hint: ["bulkhead explain", ...(error.hint === undefined ? [] : [error.hint])].join("\n"),
      detail: { ...error.detail, cause: cause.signature },
      cause: error,
      exitCode: error.exitCode,
    });
  }
}
