// One process, with the peak of its resident memory.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs a Node program to its end.
 * @param {readonly string[]} argv the program, then its arguments
 * @param {{ env: Record<string, string>, work: string, keepsOutput?: boolean }} facts `work`: a scratch directory
 * @returns {{ status: number | null, stdout: string | null, stderr: string, seconds: number, peakMiB: number }}
 */
export function runWithPeak([program, ...args], { env, work, keepsOutput = false }) {
  const report = join(work, "peak");
  const hook = join(work, "peak.cjs");
  writeFileSync(
    hook,
    'process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK_REPORT, String(process.resourceUsage().maxRSS)));\n',
  );
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, ["--require", hook, ...args], {
    env: { ...env, PEAK_REPORT: report },
    encoding: "utf8",
    stdio: ["ignore", keepsOutput ? "pipe" : "ignore", "pipe"],
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - started) / 1000;
  return { status, stdout, stderr, seconds, peakMiB: Number(readFileSync(report, "utf8")) / 1024 };
}
