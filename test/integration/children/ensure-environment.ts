import { isToolError } from "../../../src/core/tool-error.ts";
import { createNodePorts } from "../../../src/node/node-ports.ts";
import { ensurePythonEnvironment } from "../../../src/supply/ensure-python-environment.ts";
import { prepareCache } from "../../../src/supply/prepare-cache.ts";
import type { PythonRequest, SupplyContext } from "../../../src/supply/supply.ts";

/**
 * argv[2]: JSON of what to build. Prints one JSON line an event, then one with the environment or the error. With `killAt`
 * it kills itself at the first event of that phase.
 */
const { cache, resources, unitUser, request, projectLockFile, killAt } = JSON.parse(process.argv[2] ?? "") as Pick<
  SupplyContext,
  "cache" | "resources" | "unitUser"
> & { request: PythonRequest; projectLockFile: string; killAt?: string };

const say = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};
const context: SupplyContext = {
  io: createNodePorts(),
  cache,
  resources,
  unitUser,
  emit: (event) => {
    say(event);
    if (event.type === "prepare" && event.phase === killAt) process.kill(process.pid, "SIGKILL");
  },
  signal: new AbortController().signal,
};

try {
  await prepareCache(context);
  say({ environment: await ensurePythonEnvironment(context, request, { projectLockFile }) });
} catch (error) {
  if (!isToolError(error)) throw error;
  const { code, message, hint } = error;
  say({ error: { code, message, hint } });
  process.exitCode = 1;
}
