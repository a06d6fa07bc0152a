import { faultsError } from "../../compose/faults.ts";
import { loadOutcome } from "../../compose/load-outcome.ts";
import { isToolError } from "../../core/tool-error.ts";
import { resolveTopology } from "../../topology/resolve-topology.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** The project a command means, as far as it can be known: a stack whose files have a fault is what wants explaining. */
export function openStack(context: ActionContext, options: ProjectOptions): KnownStack {
  const { sources } = context.ports;
  const { project, faults } = loadOutcome(loadRequest(context, options), sources);
  if (project === undefined) throw faultsError(faults);
  if (faults.length > 0) {
    context.emit({
      type: "warning",
      message: `the project has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}; this is what is known`,
      hint: "bulkhead check",
    });
  }
  return { project, topology: resolveTopology(project, sources) };
}

/** The same for logs that were given: without a project they are read without one, unless one was asked for. */
export function findStack(context: ActionContext, options: ProjectOptions): KnownStack | undefined {
  try {
    return openStack(context, options);
  } catch (error) {
    const isAskedFor = options.files.length > 0 || options.directory !== undefined;
    if (isAskedFor || !isToolError(error)) throw error;
    return undefined;
  }
}
