// Gives the docker client the real Compose as its plugin, in a configuration directory of the tests' own.
//   node test/docker/install-plugins.mjs    prints that directory; use it as DOCKER_CONFIG
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildOracle } from "../../scripts/oracle/build-oracle.mjs";
import { clientConfig } from "./engine-home.mjs";

/**
 * @returns {string} the directory for DOCKER_CONFIG
 * @throws {Error} when Compose cannot be built
 */
export function installPlugins() {
  const plugins = join(clientConfig, "cli-plugins");
  mkdirSync(plugins, { recursive: true });
  link(join(buildOracle(), "docker-compose"), join(plugins, "docker-compose"));
  return clientConfig;
}

function link(target, path) {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(installPlugins());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
