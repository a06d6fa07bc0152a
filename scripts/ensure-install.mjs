// Installs what package-lock.json names when it is not there yet, so that a fresh clone needs no step of its own.
// Plain Node without dependencies: this runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = `${root}node_modules/.cache/bulkhead/installed`;

/** Runs `npm ci` unless node_modules already matches package-lock.json. Ends the process with its status if it fails. */
export function ensureInstall() {
  const lockText = readFileSync(`${root}package-lock.json`, "utf8");
  const stamp = createHash("sha256").update(`${process.platform} ${process.arch}\n${lockText}`).digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  if (!isInstalled(JSON.parse(lockText))) {
    console.error("Installing dependencies (npm ci) ...");
    const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
    // npm's own path when npm started us: another npm may stand first on PATH.
    const npm = process.env.npm_execpath?.endsWith(".js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
    const [program = "npm", ...before] = npm;
    const { status, error } = spawnSync(program, [...before, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
    if (error !== undefined || status !== 0) {
      console.error(`npm ci failed${error === undefined ? "" : `: ${error.message}`}.`);
      process.exit(status ?? 2);
    }
  }
  mkdirSync(`${root}node_modules/.cache/bulkhead`, { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Whether npm's record of node_modules holds every package this platform needs in the version the lock names. */
function isInstalled(lock) {
  const recordFile = `${root}node_modules/.package-lock.json`;
  if (!existsSync(recordFile)) return false;
  const installed = JSON.parse(readFileSync(recordFile, "utf8")).packages;
  return Object.entries(lock.packages).every(
    ([path, { version, os, cpu, libc }]) =>
      path === "" ||
      installed[path]?.version === version ||
      (os !== undefined && !os.includes(process.platform)) ||
      (cpu !== undefined && !cpu.includes(process.arch)) ||
      // npm tells the C library; where both are offered one of them is enough.
      libc !== undefined ||
      (lock.packages[path].optional === true && os === undefined && cpu === undefined),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstall();
