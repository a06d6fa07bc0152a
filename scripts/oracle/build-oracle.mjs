// Builds the Docker Compose that the loader is compared with from its Go module, once for each state of these files.
//   node scripts/oracle/build-oracle.mjs    prints the directory of the executables
import { fileURLToPath } from "node:url";
import { buildGo, requiredVersion } from "./build-go.mjs";

const source = fileURLToPath(new URL(".", import.meta.url));
const modulePath = "github.com/docker/compose/v5";

/**
 * Makes sure of the oracle: `docker-compose`, the real executable, and `config-server`, which answers its `config` for
 * many projects in one process. Takes about two minutes when nothing of it is there yet.
 * @returns {string} the directory that holds both
 * @throws {Error} when Go is missing or the build fails; says what to do
 */
export function buildOracle() {
  const version = requiredVersion(source, modulePath);
  return buildGo({
    subject: `Docker Compose ${version}, which the loader is compared with`,
    source,
    inputs: ["go.mod", "go.sum", "main.go", "build-oracle.mjs", "build-go.mjs"],
    stamp: `-s -w -X ${modulePath}/internal.Version=${version}`,
    programs: { "docker-compose": `${modulePath}/cmd`, "config-server": "." },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(buildOracle());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
