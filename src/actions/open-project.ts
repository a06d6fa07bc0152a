import { loadProject } from "../compose/load-project.ts";
import type { Project } from "../compose/project.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { openNativeSession, type NativeSession } from "../engine/native/native-session.ts";
import { layoutState, loadProjectRecord, type EngineName } from "../engine/project-state.ts";
import { resolveTopology } from "../topology/resolve-topology.ts";
import type { Topology } from "../topology/topology.ts";
import { chosenEngine } from "./chosen-engine.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { loadRequest } from "./load-request.ts";

/** Loads the project a command means. Throws as `loadProject` does. */
export function openProject(context: ActionContext, options: ProjectOptions): Project {
  return loadProject(context.ports.sources, loadRequest(context, options));
}

/**
 * The project with its topology and its state under the engine that runs it. Where none was chosen yet `choose` does; without
 * it the native one is meant, which has nothing to show.
 */
export async function openEngineSession(
  context: ActionContext,
  options: ProjectOptions,
  choose?: (loaded: { readonly project: Project; readonly topology: Topology }) => Promise<EngineName>,
): Promise<NativeSession | DockerSession> {
  const { project, topology } = openTopology(context, options);
  const { files, host } = context.ports;
  const record = await loadProjectRecord(files, layoutState(host, project.name));
  const engine = chosenEngine(context, options, record) ?? (await choose?.({ project, topology }));
  if (engine !== "docker") return openNativeSession({ ...context }, project, topology);
  const { openDockerSession } = await import("../engine/docker/docker-session.ts");
  return openDockerSession({ ...context }, loadRequest(context, options), project, topology);
}

function openTopology(
  context: ActionContext,
  options: ProjectOptions,
): { readonly project: Project; readonly topology: Topology } {
  const project = openProject(context, options);
  for (const { message, hint, span } of project.warnings) {
    const place = span === undefined ? "" : `${span.file}:${span.line}:${span.column}: `;
    context.emit({ type: "warning", message: place + message, ...(hint === undefined ? {} : { hint }) });
  }
  return { project, topology: resolveTopology(project, context.ports.sources) };
}
