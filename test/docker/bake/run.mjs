import { spawn } from "node:child_process";

/**
 * Runs a command to its end; its output is of interest only when it fails.
 *
 * @param {{environment?: NodeJS.ProcessEnv, input?: import("node:stream").Readable}} options what the environment gains;
 *   another process's output as standard input
 * @throws {Error} with the last of the output when it fails
 */
export function run(program, args, { environment = {}, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...environment },
      stdio: [input ?? "ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => (output = `${output}${String(chunk)}`.slice(-4000)));
    }
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve(undefined);
      else reject(new Error(`${program} ${args.join(" ")} ended with ${status}:\n${output}`));
    });
  });
}

/** Tells that something was made, and how long it took. */
export function report(subject, started) {
  console.log(`${subject}: made in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
