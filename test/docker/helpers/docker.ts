import { randomBytes } from "node:crypto";
import { runProgram, type ProgramResult } from "../../helpers/run-program.ts";

/** Begins the name of everything that this run's tests make in the engine; the leak check looks for it. */
export const runPrefix = (process.env["BULKHEAD_TEST_RUN"] ??= `bht${randomBytes(3).toString("hex")}`);

/** Runs `docker ARGS` to its end. */
export function docker(
  args: readonly string[],
  surroundings?: Parameters<typeof runProgram>[2],
): Promise<ProgramResult> {
  return runProgram("docker", args, surroundings);
}

/** Runs `docker ARGS`, throws unless it succeeds, and gives its output without the last line's end. */
export async function dockerOutput(args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await docker(args);
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")} ended with ${exitCode}:\n${stderr}`);
  return stdout.trimEnd();
}

let made = 0;

/** A name that nothing else in the engine has. */
export function uniqueName(purpose: string): string {
  made += 1;
  return `${runPrefix}-${purpose}-${made}`;
}
