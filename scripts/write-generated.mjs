import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Writes a generated file, or with `--check` among the arguments fails when the file is not what would be written.
 * @param {string} path relative to the package
 * @param {string} text
 */
export async function writeGenerated(path, text) {
  const present = await readFile(`${ROOT}/${path}`, "utf8").catch(() => "");
  if (present === text) return;
  if (process.argv.includes("--check")) {
    console.error(`${path} is not up to date: node scripts/${process.argv[1].split("/").at(-1)}`);
    process.exitCode = 1;
    return;
  }
  await writeFile(`${ROOT}/${path}`, text);
  console.log(`wrote ${path}`);
}

/**
 * The text as the repository's formatter would write it.
 * @param {string} path tells the language
 * @param {string} text
 */
export function formatted(path, text) {
  const run = spawnSync(`${ROOT}/node_modules/.bin/oxfmt`, ["--stdin-filepath", path], {
    cwd: ROOT,
    input: text,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`oxfmt failed on ${path}: ${run.stderr}`);
  return run.stdout;
}
