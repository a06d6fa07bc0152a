import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Makes one JavaScript file of a TypeScript program (Node 20 runs none itself) that a test starts as a process of its
 * own: `fork(await bundleChild(new URL("children/hold-lock.ts", import.meta.url), directory.path))`.
 */
export async function bundleChild(entry: URL, directory: string): Promise<string> {
  const outfile = join(directory, basename(entry.pathname).replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["pg"],
    logLevel: "error",
  });
  return outfile;
}
