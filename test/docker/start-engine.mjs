// Makes sure that a Docker Engine answers. One that already runs is left alone; else Debian's is installed where it is
// missing and started by hand (as root; neither systemd nor a login is needed).
//   node test/docker/start-engine.mjs    prints "started PID" or "found"; stop-engine.mjs ends what was started
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { engineHome, enginePidFile } from "./engine-home.mjs";

const ANSWER_MS = 60_000;

/** What a machine may lack, by the engine's words for it. */
const lacks = [
  [
    /cgroups?\b.*(isn't mounted|not mounted|no such file|read-only)/i,
    "Control groups have to be mounted below /sys/fs/cgroup, and writable.",
  ],
  [
    /iptables.*(permission denied|not permitted|does not exist|no such file)/is,
    "iptables cannot change its nat table: CAP_NET_ADMIN or the kernel's module is missing.",
  ],
  [
    /not permitted|permission denied/i,
    "The engine needs all of root's rights: in a container, start that one with --privileged.",
  ],
  [/no space left on device/i, `The disk of ${engineHome} is full; BULKHEAD_TEST_DOCKER names another place.`],
];

/**
 * @returns {Promise<{pid: number | undefined}>} the process that was started; undefined when an engine already answered
 * @throws {Error} when none can be had here; says why, with the engine's last lines
 */
export async function startEngine() {
  if (isAnswering()) return { pid: undefined };
  if (process.getuid?.() !== 0) {
    throw new Error("No Docker Engine answers, and only root can start one. Start yours, or run this as root.");
  }
  installEngine();
  mkdirSync(engineHome, { recursive: true });
  const logFile = join(engineHome, "dockerd.log");
  const log = openSync(logFile, "w");
  const args = [
    `--data-root=${join(engineHome, "data")}`,
    `--exec-root=${join(engineHome, "run")}`,
    `--pidfile=${enginePidFile}`,
  ];
  // A session of its own: the engine outlives this command.
  const engine = spawn("dockerd", args, { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const until = Date.now() + ANSWER_MS;
  while (!isAnswering()) {
    const hasEnded = engine.exitCode !== null || engine.signalCode !== null;
    if (!hasEnded && Date.now() < until) {
      await delay(200);
      continue;
    }
    if (!hasEnded) engine.kill();
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-20).join("\n");
    const lack = lacks.find(([pattern]) => pattern.test(lines))?.[1] ?? "";
    throw new Error(`dockerd ${hasEnded ? "ended" : "does not answer"}. ${lack}\n${lines}`);
  }
  engine.unref();
  return { pid: engine.pid };
}

function isAnswering() {
  return spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 10_000 }).status === 0;
}

function installEngine() {
  const missing = ["dockerd", "iptables"].filter((program) => !isInstalled(program));
  if (missing.length > 0) installDebianPackages(missing.map((program) => packages[program]));
  // Debian 12 has it in the engine's package, Debian 13 has it apart.
  if (!isInstalled("docker")) installDebianPackages(["docker-cli"]);
}

const packages = { dockerd: "docker.io", iptables: "iptables" };

function isInstalled(program) {
  return spawnSync("which", [program]).status === 0;
}

/** Installs packages by apt; throws when that is impossible or fails. */
export function installDebianPackages(names) {
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  console.error(`Installing ${names.join(", ")} ...`);
  const areInstalled =
    spawnSync("apt-get", ["update", "-qq"], options).status === 0 &&
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], options).status === 0;
  if (!areInstalled) throw new Error(`apt-get could not install ${names.join(", ")}; install them by hand.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { pid } = await startEngine();
    console.log(pid === undefined ? "found" : `started ${pid}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
