// What bin/bulkhead.js runs: the command line's bundle, from compiled code where an earlier run left some.
import { homedir } from "node:os";
import { join } from "node:path";
import { createChunkLoader } from "../node/chunk-loader.ts";
import { cacheDirectory } from "../supply/cache-directory.ts";

/** The bundle's first chunk, and a hash of all chunks; the build fills them in. */
declare const MAIN_CHUNK: string;
declare const BUILD: string;

const loader = createChunkLoader(
  { directory: join(__dirname, "chunks"), build: BUILD, command: nameCommand(), cache: findCache() },
  require,
);
process.on("exit", () => loader.save());
loader.load(MAIN_CHUNK);

/** Commands need different chunks. One that does not come first shares with others. */
function nameCommand(): string {
  const [, , first = ""] = process.argv;
  return /^[a-z]{1,20}$/.test(first) ? first : "other";
}

function findCache(): string | undefined {
  const { env, platform } = process;
  try {
    return cacheDirectory({ env, platform, uid: process.getuid?.() ?? -1, home: homedir(), cwd: process.cwd() });
  } catch {
    // The working directory is gone, or the account has no home.
    return undefined;
  }
}
