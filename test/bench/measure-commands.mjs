// Wall time of short commands, run in turn so that whatever else the machine does meets all alike.
import { spawnSync } from "node:child_process";

/** `commands`: name -> argv. Gives name -> the median of `runs` in milliseconds, after two runs that do not count. */
export function measureCommands(commands, { cwd, env, runs }) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = -2; run < runs; run += 1) {
    for (const [name, [program, ...args]] of Object.entries(commands)) {
      const started = performance.now();
      const { status, stderr } = spawnSync(program, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
      const milliseconds = performance.now() - started;
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
      if (run >= 0) times[name].push(milliseconds);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

export function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
