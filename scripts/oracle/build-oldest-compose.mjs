// Builds the oldest Docker Compose that the docker engine supports from its Go module, once for each state of `oldest/`.
//   node scripts/oracle/build-oldest-compose.mjs    prints the directory of docker-compose
import { fileURLToPath } from "node:url";
import { buildGo, requiredVersion } from "./build-go.mjs";

const source = fileURLToPath(new URL("oldest/", import.meta.url));
const modulePath = "github.com/docker/compose/v2";

/**
 * Makes sure of the oldest Compose; about two minutes when it is not there yet. It has its own BuildKit client, where
 * the newest one without its own plugin falls back to the classic builder: tests of both builders need both.
 * @returns {string} the directory that holds `docker-compose`
 * @throws {Error} when Go is missing or the build fails; says what to do
 */
export function buildOldestCompose() {
  const version = requiredVersion(source, modulePath);
  return buildGo({
    subject: `Docker Compose ${version}, the oldest that is supported`,
    source,
    inputs: ["go.mod", "go.sum"],
    stamp: `-s -w -X ${modulePath}/internal.Version=${version}`,
    programs: { "docker-compose": `${modulePath}/cmd` },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(buildOldestCompose());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
