import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const COMMANDS_URL = new URL("../src/cli/commands/", import.meta.url);

/**
 * The command objects of src/cli/commands/*.ts in help order, each with its file's name.
 * @returns {Promise<readonly { file: string, command: import("../src/cli/define-command.ts").Command }[]>}
 */
export async function loadCommands() {
  const files = (await readdir(COMMANDS_URL))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .toSorted();
  const loaded = await Promise.all(
    files.map(async (file) => {
      const module = await importTypeScript(fileURLToPath(new URL(file, COMMANDS_URL)));
      if (module.command?.name.replaceAll(" ", "-") !== file.replace(/\.ts$/, ""))
        throw new Error(`${file} must export a command of its own name (db-split.ts: "db split")`);
      return { file, command: module.command };
    }),
  );
  return loaded.toSorted((a, b) => a.command.order - b.command.order || a.file.localeCompare(b.file));
}

/**
 * Imports a TypeScript module with what it imports statically; dynamic imports stay unresolved.
 * @param {string} path
 */
export async function importTypeScript(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    packages: "external",
    plugins: [
      {
        name: "leave-dynamic-imports",
        setup: (bundler) =>
          bundler.onResolve({ filter: /./ }, ({ kind, path: target }) =>
            kind === "dynamic-import" ? { path: target, external: true } : undefined,
          ),
      },
    ],
  });
  // Below node_modules, so that packages are found from there.
  const directory = fileURLToPath(new URL("../node_modules/.cache/bulkhead/", import.meta.url));
  await mkdir(directory, { recursive: true });
  const file = await mkdtemp(`${directory}module-`);
  try {
    await writeFile(`${file}/module.mjs`, outputFiles[0].contents);
    return await import(pathToFileURL(`${file}/module.mjs`).href);
  } finally {
    await rm(file, { recursive: true });
  }
}
