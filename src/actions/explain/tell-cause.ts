import type { ActionContext, ProjectOptions } from "../context.ts";
import type { Failure } from "./find-cause.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** Says in one line why services failed, where their logs leave no doubt. */
export async function tellCause(
  context: ActionContext,
  options: ProjectOptions,
  stack: KnownStack,
  failure: Failure,
): Promise<void> {
  const { findCause } = await import("./find-cause.ts");
  const cause = await findCause(context, options, stack, failure);
  if (cause !== undefined) context.emit({ type: "note", message: `Cause: ${cause.what}.`, hint: "bulkhead explain" });
}
