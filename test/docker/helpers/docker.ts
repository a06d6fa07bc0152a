import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";

/** Begins the name of everything that this run's tests make in the engine; the leak check looks for it. */
export const runPrefix = (process.env["BULKHEAD_TEST_RUN"] ??= `bht${randomBytes(3).toString("hex")}`);

export interface DockerResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a program runs; `env` is what the environment gains. */
interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `docker ARGS` to its end. */
export function docker(args: readonly string[], surroundings: Surroundings = {}): Promise<DockerResult> {
  return runProgram("docker", args, surroundings);
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: Surroundings,
): Promise<DockerResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
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
