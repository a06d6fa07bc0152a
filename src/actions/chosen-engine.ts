import type { EngineName, ProjectRecord } from "../engine/project-state.ts";
import { ToolError } from "../core/tool-error.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/**
 * The engine of a project: what the command line or BULKHEAD_ENGINE says, else the one that has run it before, else
 * undefined: nothing was decided yet. ToolError COMMAND_USAGE for an engine that does not exist.
 */
export function chosenEngine(
  context: Pick<ActionContext, "ports">,
  options: Pick<ProjectOptions, "engine">,
  record: ProjectRecord | undefined,
): EngineName | undefined {
  const written = context.ports.host.env["BULKHEAD_ENGINE"];
  if (options.engine !== undefined) return options.engine;
  if (written === undefined || written === "") return record?.engine;
  if (written === "native" || written === "docker") return written;
  throw new ToolError("COMMAND_USAGE", `BULKHEAD_ENGINE is ${written}, which is no engine.`, {
    hint: "Set it to docker or native, or leave it out.",
  });
}
