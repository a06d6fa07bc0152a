import type { LoadRequest } from "../compose/load-request.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/** What to load for the flags of a command and the shell it runs in. */
export function loadRequest({ ports: { host } }: ActionContext, options: ProjectOptions): LoadRequest {
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
