import { loadProject } from "../compose/load-project.ts";
import type { Project } from "../compose/project.ts";
import { openNativeSession, type NativeSession } from "../engine/native/native-session.ts";
import { resolveTopology } from "../topology/resolve-topology.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/** Loads the project a command means. Throws as `loadProject` does. */
export function openProject(context: ActionContext, options: ProjectOptions): Project {
  const { host, sources } = context.ports;
  return loadProject(sources, {
    cwd: host.cwd,
    files: options.files,
    projectName: options.projectName,
    projectDirectory: options.directory,
    profiles: options.profiles,
    envFiles: options.envFiles,
    env: host.env,
  });
}

/** The project with its topology and its state under the native engine. */
export async function openSession(context: ActionContext, options: ProjectOptions): Promise<NativeSession> {
  const project = openProject(context, options);
  for (const { message, hint, span } of project.warnings) {
    const place = span === undefined ? "" : `${span.file}:${span.line}:${span.column}: `;
    context.emit({ type: "warning", message: place + message, ...(hint === undefined ? {} : { hint }) });
  }
  const topology = resolveTopology(project, context.ports.sources);
  return openNativeSession({ ...context }, project, topology);
}
