// npm run demo: makes a stack in demo/, brings it up without Docker, proves it and leaves it running.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildBundles } from "./build.mjs";
import { ensureInstall } from "./ensure-install.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = `${root}demo`;

// A Ctrl-C in the terminal reaches the command itself; it ends in order and we report its status.
process.on("SIGINT", () => undefined);

ensureInstall();
await buildBundles();
if (!existsSync(`${directory}/compose.yaml`)) await bulkhead(["init", "demo"], root);
mkdirSync(directory, { recursive: true });
await bulkhead(["up", "--engine", "native", "--auto-ports"], directory);
await bulkhead(["prove"], directory);
console.log(`
The stack keeps running. In demo/:
  node ../bin/bulkhead.js ps         what runs
  node ../bin/bulkhead.js down       stop it, keep its data
  node ../bin/bulkhead.js down -v    stop it and remove its data (after a backup)`);

/** Runs one command in this terminal; a failure ends the demo with its status. */
async function bulkhead(args, cwd) {
  console.error(`\n$ bulkhead ${args.join(" ")}`);
  const child = spawn(process.execPath, [`${root}bin/bulkhead.js`, ...args], { cwd, stdio: "inherit" });
  const status = await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 130)));
  if (status !== 0) process.exit(status);
}
