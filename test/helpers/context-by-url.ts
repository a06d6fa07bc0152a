import type { ActionContext, ProjectOptions } from "../../src/actions/context.ts";
import type { ProgressEvent } from "../../src/core/event.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { repositoryPath } from "./source-files.ts";

const ports = createNodePorts();

/** No project: what an action takes that is given a URL. */
export const noProject: ProjectOptions = {
  files: [],
  projectName: undefined,
  directory: undefined,
  profiles: [],
  envFiles: [],
  engine: undefined,
};

/** What an action takes that is given a URL, with its journals and backups in a home of the test's own. */
export function contextByUrl(
  home: string,
  {
    onEvent = () => undefined,
    signal = new AbortController().signal,
  }: { readonly onEvent?: (event: ProgressEvent) => void; readonly signal?: AbortSignal } = {},
): ActionContext {
  return {
    ports: { ...ports, host: { ...ports.host, env: { ...ports.host.env, BULKHEAD_HOME: home } } },
    resources: repositoryPath("resources"),
    supervisorEntry: "",
    postgresDependency: undefined,
    nodeDirectory: "",
    version: "0.0.0",
    emit: onEvent,
    signal,
  };
}
