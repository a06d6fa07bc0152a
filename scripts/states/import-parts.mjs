import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url));

let imported = 0;

/** Exports of TypeScript modules, `{"src/a.ts": ["a"]}`. */
export async function importParts(parts) {
  // As deep as the sources are, which find the repository from where they lie.
  const outfile = join(root, "scripts/states", `.parts-${process.pid}-${(imported += 1)}.mjs`);
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
    rmSync(outfile);
  }
}
