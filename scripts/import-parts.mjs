import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));

let imported = 0;

/** Exports of TypeScript modules: `{"src/a.ts": ["a"]}`. */
export async function importParts(parts) {
  // As deep as the sources are, which find the repository from where they lie.
  const directory = join(root, "node_modules/.cache");
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, `parts-${process.pid}-${(imported += 1)}.mjs`);
  const remove = () => rmSync(outfile, { force: true });
  process.once("exit", remove);
  const lines = Object.entries(parts).map(([path, names]) => `export { ${names.join(", ")} } from "./${path}";`);
  await build({
    stdin: { contents: lines.join("\n"), resolveDir: root, loader: "ts" },
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    process.off("exit", remove);
    remove();
  }
}
