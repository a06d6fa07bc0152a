import type { Ports } from "../ports/ports.ts";
import { nodeClock } from "./node-clock.ts";
import { nodeFiles } from "./node-files.ts";
import { nodeHost } from "./node-host.ts";
import { nodeHttp } from "./node-http.ts";
import { nodeProcesses } from "./node-processes.ts";
import { nodeRandom } from "./node-random.ts";
import { nodeSockets } from "./node-sockets.ts";
import { nodeSources } from "./node-sources.ts";
import { nodeSql } from "./node-sql.ts";

/** All ports as Node gives them, for entry points and tests. */
export function createNodePorts(): Ports {
  return {
    sources: nodeSources,
    files: nodeFiles,
    processes: nodeProcesses,
    http: nodeHttp,
    sql: nodeSql,
    sockets: nodeSockets,
    host: nodeHost,
    clock: nodeClock,
    random: nodeRandom,
  };
}
