// Builds the Docker Compose that the loader is compared with from its Go module, once for each state of these files.
//   node scripts/oracle/build-oracle.mjs    prints the directory of the executables
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL(".", import.meta.url));
const inputs = ["go.mod", "go.sum", "main.go", "build-oracle.mjs"];
const modulePath = "github.com/docker/compose/v5";
const version = /^require github\.com\/docker\/compose\/v5 (\S+)$/m.exec(
  readFileSync(join(source, "go.mod"), "utf8"),
)[1];

/**
 * Makes sure of the oracle: `docker-compose`, the real executable, and `config-server`, which answers its `config` for
 * many projects in one process. Takes about two minutes when nothing of it is there yet.
 * @returns {string} the directory that holds both
 * @throws {Error} when Go is missing or the build fails; says what to do
 */
export function buildOracle() {
  const cache = oracleCache();
  const directory = join(cache, hashInputs());
  if (existsSync(directory)) return directory;
  requireGo();
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, "building-"));
  try {
    const started = Date.now();
    console.error(`Building Docker Compose ${version} from its Go module ...`);
    const stamp = `-s -w -X ${modulePath}/internal.Version=${version}`;
    runGo(["-ldflags", stamp, "-o", join(building, "docker-compose"), `${modulePath}/cmd`]);
    runGo(["-ldflags", stamp, "-o", join(building, "config-server"), "."]);
    // A build that ran at the same time may have been first; both are the same.
    if (!existsSync(directory)) renameSync(building, directory);
    console.error(`Built ${directory} in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return directory;
}

function oracleCache() {
  const { BULKHEAD_ORACLE_CACHE, XDG_CACHE_HOME } = process.env;
  return BULKHEAD_ORACLE_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "bulkhead-oracle");
}

function hashInputs() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const name of inputs) hash.update(readFileSync(join(source, name))).update("\0");
  return hash.digest("hex").slice(0, 20);
}

function requireGo() {
  if (spawnSync("go", ["version"]).status === 0) return;
  const wanted = /^go (\S+)$/m.exec(readFileSync(join(source, "go.mod"), "utf8"))[1];
  throw new Error(
    `Go is not installed: Docker Compose ${version}, which the loader is compared with, is built from its module. ` +
      `Install Go ${wanted} or newer and put \`go\` on PATH, or point BULKHEAD_ORACLE_CACHE at a cache that has it.`,
  );
}

function runGo(args) {
  // Writable, so that a module cache in a temporary home can be removed.
  const command = ["build", "-trimpath", "-modcacherw", "-buildvcs=false", ...args];
  const { status, error } = spawnSync("go", command, {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: "0" },
    stdio: ["ignore", 2, 2],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`go ${command.join(" ")} failed in ${source}; can Go reach its module proxy?`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(buildOracle());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
