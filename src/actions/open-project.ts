import { loadProject } from "../compose/load-project.ts";
import type { LoadRequest } from "../compose/load-request.ts";
import type { Project } from "../compose/project.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import { resolveTopology } from "../topology/resolve-topology.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/** What to load for the flags of a command and the shell it runs in. */
export function loadRequest(context: ActionContext, options: ProjectOptions): LoadRequest {
  const { host } = context.ports;
  return {
    cwd: host.cwd,
    files: options.files,
    projectName: options.projectName,
    projectDirectory: options.directory,
    profiles: options.profiles,
    envFiles: options.envFiles,
    env: host.env,
  };
}

/** Loads the project a command means. Throws as `loadProject` does. */
export function openProject(context: ActionContext, options: ProjectOptions): Project {
  return loadProject(context.ports.sources, loadRequest(context, options));
}

/** The project with its topology and its state under the native engine. */
export async function openSession(context: ActionContext, options: ProjectOptions): Promise<NativeSession> {
  const project = openProject(context, options);
  for (const { message, hint, span } of project.warnings) {
    const place = span === undefined ? "" : `${span.file}:${span.line}:${span.column}: `;
    context.emit({ type: "warning", message: place + message, ...(hint === undefined ? {} : { hint }) });
  }
  const topology = resolveTopology(project, context.ports.sources);
  // Commands that only read the project do without the engine.
  const { openNativeSession } = await import("../engine/native/native-session.ts");
  return openNativeSession({ ...context }, project, topology);
}
