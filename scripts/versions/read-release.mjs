import { fetchSlimWheel } from "./fetch-slim-wheel.mjs";
import { runCommand } from "./run-command.mjs";
import { supportedPython } from "./supported-python.mjs";

const reader = new URL("read_migrations.py", import.meta.url).pathname;

/**
 * Facts of one release, read from its wheels: `{version, releasedOn, supportedPython, chains}`. Undefined when it
 * cannot be installed as it stands on the index. `tools.knownPython` spares finding out the Pythons.
 */
export async function readRelease(tools, product, release) {
  const { chains } = await readWheel(tools, release.scripts, product.chains);
  if (chains.main.length === 0) throw new Error(`${product.name} ${release.version} has no migration scripts.`);
  const supported = tools.knownPython ?? (await pythonOf(tools, product, release));
  if (supported === undefined) return undefined;
  if (supported.length === 0) throw new Error(`${product.name} ${release.version} names no Python.`);
  return { version: release.version, releasedOn: release.releasedOn, supportedPython: supported, chains };
}

async function pythonOf(tools, product, release) {
  const { python } = await readWheel(tools, release.wheel, []);
  return product.python === "classifiers" ? python.classifiers : supportedPython(tools, release, python.requires);
}

async function readWheel(tools, wheel, chains) {
  const path = await fetchSlimWheel(tools, wheel);
  const reading = await runCommand([tools.python, reader, path, JSON.stringify(chains)]);
  if (reading.code !== 0) throw new Error(`${wheel.project} ${wheel.version} could not be read:\n${reading.stderr}`);
  return JSON.parse(reading.stdout);
}
