import type { Project } from "../compose/project.ts";
import { layoutState, loadProjectRecord, type EngineName } from "../engine/project-state.ts";
import { chosenEngine } from "./chosen-engine.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/**
 * The engine that a command on a project means: the chosen one, else the one that ran it before; where neither is known what
 * `choose` says, else Docker where it has containers or volumes of the project, as after `docker compose up`, else the native
 * one. Throws as `chosenEngine`.
 */
export async function projectEngine(
  context: ActionContext,
  options: ProjectOptions,
  project: Project,
  choose: () => Promise<EngineName> = () => engineInUse(context, options, project),
): Promise<EngineName> {
  const { files, host } = context.ports;
  const record = await loadProjectRecord(files, layoutState(host, project.name));
  return chosenEngine(context, options, record) ?? (await choose());
}

async function engineInUse(context: ActionContext, options: ProjectOptions, project: Project): Promise<EngineName> {
  const { findContainerRemains } = await import("./docker/find-container-remains.ts");
  const { running, stopped, volumes } = await findContainerRemains(context, options, project);
  return running.length + stopped.length + volumes.length > 0 ? "docker" : "native";
}
