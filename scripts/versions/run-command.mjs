import { execFile } from "node:child_process";

/** Runs a program and gives `{code, stdout, stderr}`; rejects only when it cannot be started. */
export function runCommand(argv, { input = "", env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const [file, ...args] = argv;
    const whole = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env };
    const child = execFile(file, args, { env: whole, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number")
        reject(new Error(`${file} could not be run: ${error.message}`));
      else resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
    child.stdin.on("error", () => {}); // a program that ends without reading its input says so by its exit code
    child.stdin.end(input);
  });
}
