import { dbSplit, type DbSplitOptions, type DbSplitResult } from "../../src/actions/db-split.ts";
import type { ActionContext } from "../../src/actions/context.ts";
import type { ProgressEvent } from "../../src/core/event.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { repositoryPath } from "./source-files.ts";

const ports = createNodePorts();

/** `db split --url`, with its journals in a home of the test's own. Nothing is asked: `confirm` says no. */
export function splitByUrl(
  home: string,
  url: string,
  options: Partial<DbSplitOptions> & {
    readonly onEvent?: (event: ProgressEvent) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<DbSplitResult> {
  const { onEvent = () => undefined, signal = new AbortController().signal, ...wanted } = options;
  const context = {
    ports: { ...ports, host: { ...ports.host, env: { ...ports.host.env, BULKHEAD_HOME: home } } },
    resources: repositoryPath("resources"),
    supervisorEntry: "",
    postgresDependency: undefined,
    nodeDirectory: "",
    version: "0.0.0",
    emit: onEvent,
    signal,
  } as ActionContext;
  const project = {
    files: [],
    projectName: undefined,
    directory: undefined,
    profiles: [],
    envFiles: [],
    engine: undefined,
  };
  return dbSplit(context, project, {
    subject: undefined,
    url,
    app: undefined,
    toServer: undefined,
    sameServer: false,
    name: undefined,
    role: undefined,
    verb: "split",
    dryRun: false,
    terminate: false,
    backup: false,
    announce: () => Promise.resolve(),
    confirm: () => Promise.resolve(false),
    ...wanted,
  });
}
