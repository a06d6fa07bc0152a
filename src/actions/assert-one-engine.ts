import { ToolError } from "../core/tool-error.ts";
import { readUnits } from "../engine/native/supervisor/read-units.ts";
import type { EngineName } from "../engine/project-state.ts";
import type { Session } from "../engine/session.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

const names: Readonly<Record<EngineName, string>> = { docker: "Docker", native: "the native engine" };

/** What an engine still has of a project. */
export interface Remains {
  /** Services that run now. */
  readonly running: readonly string[];
  /** Names of volumes. */
  readonly volumes: readonly string[];
}

/**
 * Before a project starts under another engine than before: nothing of it may run under that one (ToolError
 * PROJECT_CONFLICT), and data that stays there is told with the way to take it along.
 */
export async function assertOneEngine(
  context: ActionContext,
  options: ProjectOptions,
  session: Session,
): Promise<void> {
  // Docker Compose itself may have run it.
  const before = session.record?.engine ?? "docker";
  if (before === session.engine) return;
  const { name } = session.project;
  const { running, volumes } =
    before === "native" ? await nativeRemains(session) : await docker(context, options, session);
  if (running.length > 0) {
    throw new ToolError(
      "PROJECT_CONFLICT",
      `${name} runs under ${names[before]} (${running.join(", ")}): two copies of it would each have their own data.`,
      { hint: `bulkhead --engine ${before} down`, detail: { engine: before, services: running } },
    );
  }
  if (volumes.length === 0) return;
  context.emit({
    type: "warning",
    message: `${name} ran under ${names[before]} before; its data stays there (${volumes.join(", ")}), and ${names[session.engine]} has its own.`,
    hint: `To take it along: bulkhead --engine ${before} db backup, then: bulkhead --engine ${session.engine} db restore FILE`,
  });
}

async function nativeRemains({ home, layout }: Session): Promise<Remains> {
  const { files } = home.ports;
  const units = readUnits(layout.directory).filter(({ state }) => state !== "stopped" && state !== "exited");
  const volumes = (await files.exists(layout.volumes)) ? await files.list(layout.volumes) : [];
  return { running: units.map(({ service }) => service), volumes };
}

async function docker(context: ActionContext, options: ProjectOptions, session: Session): Promise<Remains> {
  const { findContainerRemains } = await import("./docker/find-container-remains.ts");
  return findContainerRemains(context, options, session.project);
}
