// How busy the machine is before something is measured on it.
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** Lets what ended before settle, then gives the idle share of a second, 0 to 1; `note` is told of a busy machine. */
export async function awaitIdle({ note, signal }) {
  await sleep(2000, undefined, { signal });
  const before = cpuTicks();
  await sleep(1000, undefined, { signal });
  const after = cpuTicks();
  const share = (after.idle - before.idle) / (after.all - before.all);
  if (share < 0.9) {
    const load = loadavg()[0].toFixed(1);
    note(`the machine is only ${Math.round(share * 100)} % idle (load ${load}): this measurement says little`);
  }
  return Number(share.toFixed(2));
}

function cpuTicks() {
  const fields = readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1).map(Number);
  return { idle: fields[3] + fields[4], all: fields.reduce((sum, field) => sum + field, 0) };
}
