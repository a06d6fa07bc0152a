import { ToolError } from "../../core/tool-error.ts";
import type { LogSource } from "../../diagnose/collect-sightings.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { projectEngine } from "../project-engine.ts";
import type { KnownStack } from "./stack-facts-of.ts";

export interface StackLogsWanted {
  /** Milliseconds since the epoch; undefined: the last run of each service. */
  readonly since: number | undefined;
  /** Only the end of each: a command that tells something else must not wait for old days. */
  readonly isShort: boolean;
}

/** The logs of a project's services, by the engine that runs it. ToolError PROJECT_NOT_RUNNING where nothing ever started. */
export async function openStackLogs(
  context: ActionContext,
  options: ProjectOptions,
  stack: KnownStack,
  wanted: StackLogsWanted,
): Promise<readonly LogSource[]> {
  const { name } = stack.project;
  const logs =
    (await projectEngine(context, options, stack.project)) === "docker"
      ? await (await import("./open-container-logs.ts")).openContainerLogs(context, options, stack, wanted)
      : await (await import("./open-unit-logs.ts")).openUnitLogs(context, stack, wanted);
  if (logs.length > 0) return logs;
  throw new ToolError("PROJECT_NOT_RUNNING", `${name} was never started here, so it has no logs.`, {
    hint: "docker compose logs | bulkhead explain -",
  });
}
