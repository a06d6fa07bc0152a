// Gives the docker client the real Compose as its plugin, in configuration directories of the tests' own: the newest, and
// the oldest that is supported.
//   node test/docker/install-plugins.mjs    prints the newest one's directory; use it as DOCKER_CONFIG
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildOldestCompose } from "../../scripts/oracle/build-oldest-compose.mjs";
import { buildOracle } from "../../scripts/oracle/build-oracle.mjs";
import { clientConfig, oldestClientConfig } from "./engine-home.mjs";

/** Throws when a Compose cannot be built. */
export function installPlugins() {
  installCompose(buildOracle(), clientConfig);
  installCompose(buildOldestCompose(), oldestClientConfig);
}

function installCompose(directory, config) {
  const plugin = join(config, "cli-plugins", "docker-compose");
  mkdirSync(join(config, "cli-plugins"), { recursive: true });
  rmSync(plugin, { force: true });
  symlinkSync(join(directory, "docker-compose"), plugin);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPlugins();
    console.log(clientConfig);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
