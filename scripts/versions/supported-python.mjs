import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.mjs";

/** Final releases of Python's minor versions (peps: 494 to 790), newest first. */
const pythonReleases = [
  ["3.15", "2026-10-01"],
  ["3.14", "2025-10-07"],
  ["3.13", "2024-10-07"],
  ["3.12", "2023-10-02"],
  ["3.11", "2022-10-24"],
  ["3.10", "2021-10-04"],
  ["3.9", "2020-10-05"],
  ["3.8", "2019-10-14"],
  ["3.7", "2018-06-27"],
  ["3.6", "2016-12-23"],
];

/** Pure Python packages that had no wheel when releases of old needed them: they do not bind to a Python version. */
const sourceOnly = ["databricks-cli", "prometheus-flask-exporter"];

/** An environment is resolved as of this many days after the release. */
const graceDays = 7;

/**
 * The Python minors, oldest first, that a release of an application without trove classifiers runs on: from its
 * Requires-Python to the newest on which every dependency had a wheel as of a week after the release, which uv finds
 * out by resolving on Linux without building anything. Undefined when the release cannot be resolved on any (it is
 * pinned to parts that the index does not have).
 */
export async function supportedPython({ uv, cache, log }, release, requires) {
  const file = join(cache, `python-${release.wheel.project}-${release.version}-${release.releasedOn}.json`);
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8")).supported;
  const lowest = /^(?:>=|~=)(3\.\d+)/.exec(requires)?.[1];
  if (lowest === undefined) throw new Error(`${release.version} requires Python ${requires}: not understood`);
  const cutoff = new Date(Date.parse(`${release.releasedOn}T23:59:59Z`) + graceDays * 86_400_000).toISOString();
  const minors = pythonReleases.map(([minor]) => minor);
  const candidates = pythonReleases
    .slice(0, minors.indexOf(lowest) + 1)
    .filter(([, final]) => final <= cutoff.slice(0, 10))
    .map(([minor]) => minor);
  let reason = "";
  for (const newest of candidates) {
    reason = await whyUnresolved({ uv, cache }, release, newest, cutoff);
    if (reason === "") {
      const supported = candidates.slice(candidates.indexOf(newest)).toReversed();
      await writeFile(file, JSON.stringify({ supported }));
      return supported;
    }
  }
  log(`${release.wheel.project} ${release.version} resolves on no Python:\n${reason}`);
  return undefined;
}

async function whyUnresolved({ uv, cache }, release, python, cutoff) {
  const override = join(cache, `override-${release.version}.txt`);
  await writeFile(override, sourceOnly.map((name) => `${name} ; python_version < '3'\n`).join(""));
  const argv = [uv, "pip", "compile", "-", "--quiet", "--no-build", "--no-header", "--override", override];
  argv.push("--python-version", python, "--python-platform", "x86_64-manylinux_2_28", "--exclude-newer", cutoff);
  const input = `${release.wheel.project}==${release.version}\n`;
  const outcome = await runCommand(argv, { input, env: { UV_CACHE_DIR: join(cache, "uv") } });
  if (outcome.code === 0) return "";
  if (!outcome.stderr.includes("No solution found"))
    throw new Error(`uv failed on ${release.version}:\n${outcome.stderr}`);
  return outcome.stderr.trim();
}
