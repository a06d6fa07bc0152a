import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { cacheDirectory } from "../../src/supply/cache-directory.ts";
import { ensureUv } from "../../src/supply/ensure-uv.ts";
import { findPythons } from "../../src/supply/find-pythons.ts";
import { prepareCache } from "../../src/supply/prepare-cache.ts";
import type { SupplyContext } from "../../src/supply/supply.ts";
import { uvEnvironment } from "../../src/supply/uv-environment.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

const io = createNodePorts();
const resources = fileURLToPath(new URL("../../resources", import.meta.url));
const defaultPair = ["airflow-3.3.2", "mlflow-3.17.2"];

/** As ourselves: whether the units' account could run an interpreter is another question. */
const context: SupplyContext = {
  io,
  cache: cacheDirectory(io.host),
  resources,
  unitUser: { uid: io.host.uid, gid: io.host.gid },
  emit: () => undefined,
  signal: new AbortController().signal,
};

it("the default pair's locks can be installed on every Python 3.10-3.12 of this machine, from wheels alone", async () => {
  await using directory = await createTemporaryDirectory();
  await prepareCache(context);
  const uv = await ensureUv(context);
  const env = await uvEnvironment(context);
  const { usable } = await findPythons(context);
  const pythons = new Map(
    usable.filter(({ series }) => ["3.10", "3.11", "3.12"].includes(series)).map((one) => [one.series, one]),
  );
  expect(pythons.size).toBeGreaterThan(0);
  const locks = (await io.files.list(join(resources, "locks"))).filter((name) =>
    defaultPair.some((release) => name.startsWith(release)),
  );
  expect(locks.length).toBe(3);
  for (const { series, path } of pythons.values()) {
    const venv = join(directory.path, series);
    expect(await run(uv, ["venv", "--quiet", "--python", path, venv], env)).toBe("");
    for (const name of locks) {
      const text = await io.files.readText(join(resources, "locks", name));
      const requirements = join(directory.path, `${series}-${name}`);
      await writeFile(requirements, text.replace(/^\[.*\]$/gm, ""));
      const sync = ["pip", "sync", "--dry-run", "--quiet", "--require-hashes", "--only-binary", ":all:"];
      expect(await run(uv, [...sync, "--python", venv, requirements], env)).toBe("");
    }
  }
});

/** Empty when it went well, else what it said. */
async function run(program: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  const { exitCode, stderr } = await io.processes.run({ argv: [program, ...args], env, cwd: "/" });
  return exitCode === 0 ? "" : stderr;
}
