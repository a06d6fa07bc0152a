import type { LoadRequest } from "../../src/compose/load-request.ts";

/** What the command asks for when it is given no option, in `/p` and with a shell that has set nothing, and `more`. */
export function requestFor(more: Partial<LoadRequest> = {}): LoadRequest {
  return {
    cwd: "/p",
    files: [],
    projectName: undefined,
    projectDirectory: undefined,
    profiles: [],
    envFiles: [],
    env: {},
    ...more,
  };
}
