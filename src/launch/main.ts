// What bin/bulkhead.js runs: the command line's bundle, from compiled code where an earlier run left some.
import { homedir } from "node:os";
import { join } from "node:path";
import { createChunkLoader } from "../node/chunk-loader.ts";
import { cacheDirectory } from "../supply/cache-directory.ts";

/** The bundle's first chunk. Its name holds a hash of all it may load; the build fills it in. */
declare const MAIN_CHUNK: string;

const loader = createChunkLoader(
  { directory: join(__dirname, "chunks"), build: MAIN_CHUNK, cache: findCache() },
  require,
);
process.on("exit", () => loader.save());
loader.load(MAIN_CHUNK);

function findCache(): string | undefined {
  const { env, platform } = process;
  try {
    return cacheDirectory({ env, platform, uid: process.getuid?.() ?? -1, home: homedir(), cwd: process.cwd() });
  } catch {
    // The working directory is gone, or the account has no home.
    return undefined;
  }
}
