import { ToolError } from "../core/tool-error.ts";
import { makeReadableDirectory } from "./readable-directory.ts";
import type { SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";

/**
 * Makes the cache directory and proves that the account units run as can enter it.
 *
 * Throws ToolError CACHE_UNREACHABLE naming the first directory on the way that this account may not enter.
 */
export async function prepareCache(context: SupplyContext): Promise<void> {
  await makeReadableDirectory(context, context.cache);
  if (context.unitUser.uid === context.io.host.uid || (await canEnter(context, context.cache))) return;
  for (const directory of ancestors(context.cache)) {
    if (await canEnter(context, directory)) continue;
    throw new ToolError(
      "CACHE_UNREACHABLE",
      `the cache ${context.cache} cannot be reached by uid ${context.unitUser.uid}, the account services run as: ${directory} does not let it in`,
      {
        hint: "export BULKHEAD_CACHE_DIR=/var/cache/bulkhead",
        detail: { cache: context.cache, directory, uid: context.unitUser.uid },
      },
    );
  }
}

/** `/a/b` -> `/a`, `/a/b`. */
function ancestors(path: string): readonly string[] {
  const names = path.split("/").filter((name) => name !== "");
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}

/** Asked by entering it: permission bits alone do not know access control lists and supplementary groups. */
async function canEnter(context: SupplyContext, directory: string): Promise<boolean> {
  const { exitCode } = await context.io.processes.run({
    argv: ["/bin/sh", "-c", 'cd -- "$1"', "sh", directory],
    cwd: "/",
    env: toolEnvironment(context.io.host),
    owner: context.unitUser,
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  return exitCode === 0;
}
