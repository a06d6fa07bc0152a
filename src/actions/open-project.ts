import { loadProject } from "../compose/load-project.ts";
import type { Project } from "../compose/project.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { openNativeSession, type NativeSession } from "../engine/native/native-session.ts";
import type { EngineName } from "../engine/project-state.ts";
import { resolveTopology } from "../topology/resolve-topology.ts";
import type { Topology } from "../topology/topology.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { loadRequest } from "./load-request.ts";
import { projectEngine } from "./project-engine.ts";

/** Loads the project a command means. Throws as `loadProject` does. */
export function openProject(context: ActionContext, options: ProjectOptions): Project {
  return loadProject(context.ports.sources, loadRequest(context, options));
}

/** The project with its topology and its state under the engine that runs it. `choose`: see projectEngine. */
export async function openEngineSession(
  context: ActionContext,
  options: ProjectOptions,
  choose?: (loaded: { readonly project: Project; readonly topology: Topology }) => Promise<EngineName>,
): Promise<NativeSession | DockerSession> {
  const { project, topology } = openTopology(context, options);
  const engine = await projectEngine(context, options, project, choose && (() => choose({ project, topology })));
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
