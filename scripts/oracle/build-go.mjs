import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The version of a module that a folder's go.mod requires. */
export function requiredVersion(source, modulePath) {
  const line = new RegExp(`^require ${modulePath} (\\S+)$`, "m");
  return line.exec(readFileSync(join(source, "go.mod"), "utf8"))[1];
}

/**
 * Builds Go programs once for each state of what they are made of.
 *
 * @param {object} build
 * @param {string} build.subject what is built, and for what, as a message names it
 * @param {string} build.source the folder with go.mod
 * @param {readonly string[]} build.inputs files of `source` that decide what comes out
 * @param {string} build.stamp linker flags
 * @param {Readonly<Record<string, string>>} build.programs package by executable
 * @returns {string} the directory that holds the executables
 * @throws {Error} when Go is missing or the build fails; says what to do
 */
export function buildGo({ subject, source, inputs, stamp, programs }) {
  const { BULKHEAD_ORACLE_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = BULKHEAD_ORACLE_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "bulkhead-oracle");
  const directory = join(cache, hashInputs(source, inputs));
  if (existsSync(directory)) return directory;
  requireGo(subject, source);
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, "building-"));
  try {
    const started = Date.now();
    console.error(`Building ${subject}, from its Go module ...`);
    for (const [name, path] of Object.entries(programs)) {
      runGo(source, ["-ldflags", stamp, "-o", join(building, name), path]);
    }
    // A build that ran at the same time may have been first; both are the same.
    if (!existsSync(directory)) renameSync(building, directory);
    console.error(`Built ${directory} in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return directory;
}

function hashInputs(source, inputs) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const name of inputs) hash.update(readFileSync(join(source, name))).update("\0");
  return hash.digest("hex").slice(0, 20);
}

function requireGo(subject, source) {
  if (spawnSync("go", ["version"]).status === 0) return;
  const wanted = /^go (\S+)$/m.exec(readFileSync(join(source, "go.mod"), "utf8"))[1];
  throw new Error(
    `Go is not installed: ${subject}, is built from its module. ` +
      `Install Go ${wanted} or newer and put \`go\` on PATH, or point BULKHEAD_ORACLE_CACHE at a cache that has it.`,
  );
}

function runGo(source, args) {
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
