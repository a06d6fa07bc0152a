// What the supervisor costs while nothing happens, beside a bare node.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Resident memory (MiB) and own CPU (percent of one core) of a project's supervisor over `seconds`; `signal` ends it. */
export async function measureRest(stateDirectory, seconds, signal) {
  const pid = findSupervisor(stateDirectory);
  const bare = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e9)"], { stdio: "ignore" });
  try {
    const before = cpuSeconds(pid);
    const started = performance.now();
    await sleep(seconds * 1000, undefined, { signal });
    const cpuPercent = ((cpuSeconds(pid) - before) / ((performance.now() - started) / 1000)) * 100;
    return { rssMiB: residentMiB(pid), bareRssMiB: residentMiB(bare.pid), cpuPercent, seconds };
  } finally {
    bare.kill();
  }
}

function findSupervisor(stateDirectory) {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
  const line = stdout
    .split("\n")
    .find((text) => text.includes("supervisor.js") && text.includes(`--state ${stateDirectory} `));
  if (line === undefined) throw new Error(`no supervisor of ${stateDirectory}`);
  return Number.parseInt(line, 10);
}

/** User and system time of the process itself: its ended children (health checks) are counted apart by the kernel. */
function cpuSeconds(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
