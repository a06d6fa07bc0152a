import { execFile } from "node:child_process";

/** Runs a program and gives `{code, stdout, stderr}`; rejects only when it cannot be started. */
export function runCommand(argv, { input = "", env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const [file, ...args] = argv;
    const child = execFile(file, args, { env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
    child.stdin.end(input);
  });
}
