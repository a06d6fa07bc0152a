// Ends the Docker Engine that start-engine.mjs started, its containers first; any other is left alone.
//   node test/docker/stop-engine.mjs    prints "stopped PID" or "none"
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { engineHome, enginePidFile } from "./engine-home.mjs";

/** The engine gives its containers ten seconds to end. */
const END_MS = 60_000;

/**
 * @returns {Promise<number | undefined>} the process that was ended; undefined when none of ours ran
 * @throws {Error} when it does not end
 */
export async function stopEngine() {
  if (!existsSync(enginePidFile)) return undefined;
  const pid = Number(readFileSync(enginePidFile, "utf8"));
  if (!isOurEngine(pid)) return undefined;
  process.kill(pid, "SIGTERM");
  const until = Date.now() + END_MS;
  while (isOurEngine(pid)) {
    if (Date.now() > until) throw new Error(`dockerd (process ${pid}) does not end; its log is in ${engineHome}.`);
    await delay(200);
  }
  return pid;
}

/** The number may belong to another program by now. */
function isOurEngine(pid) {
  try {
    const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return program.endsWith("dockerd") && args.some((arg) => arg.endsWith(enginePidFile));
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const pid = await stopEngine();
    console.log(pid === undefined ? "none" : `stopped ${pid}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
