import type { Ports } from "../ports/ports.ts";
import { nodeClock } from "./node-clock.ts";
import { nodeHost } from "./node-host.ts";
import { nodeRandom } from "./node-random.ts";
import { nodeSources } from "./node-sources.ts";

/**
 * All ports as Node gives them, for entry points and tests. Those that a command may do without are loaded at their first
 * use: what they need of Node takes longer to load than a small project takes to check.
 */
export function createNodePorts(): Ports {
  return {
    sources: nodeSources,
    files: loadedAtFirstUse(async () => (await import("./node-files.ts")).nodeFiles),
    processes: loadedAtFirstUse(async () => (await import("./node-processes.ts")).nodeProcesses),
    http: loadedAtFirstUse(async () => (await import("./node-http.ts")).nodeHttp),
    sql: loadedAtFirstUse(async () => (await import("./node-sql.ts")).nodeSql),
    sockets: loadedAtFirstUse(async () => (await import("./node-sockets.ts")).nodeSockets),
    host: nodeHost,
    clock: nodeClock,
    random: nodeRandom,
  };
}

/** For a port each member of which is a function that gives a promise. */
function loadedAtFirstUse<P extends Record<keyof P, (...given: never[]) => Promise<unknown>>>(
  load: () => Promise<P>,
): P {
  let port: Promise<P> | undefined;
  return new Proxy({} as P, {
    get(_, name) {
      // What is awaited is asked whether it is a promise itself.
      if (name === "then") return undefined;
      return async (...given: never[]) => {
        port ??= load();
        return (await port)[name as keyof P](...given);
      };
    },
  });
}
