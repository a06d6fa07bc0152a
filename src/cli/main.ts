import { EventEmitter } from "node:events";
import { fstatSync, statSync } from "node:fs";
import { findInstalledPackage } from "../node/installed-package.ts";
import { watchInterrupts, type SignalSource } from "./interrupts.ts";
import { COMMANDS } from "./registry.gen.ts";
import { runCli } from "./run-cli.ts";
import { outputOf } from "./terminal.ts";

const installed = findInstalledPackage();

// Node's own warnings are for developers and would tear the live display.
if (process.env.BULKHEAD_DEBUG === undefined) process.removeAllListeners("warning");

const opened: NodeJS.WriteStream[] = [];
function noted(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  opened.push(stream);
  return stream;
}

/** Node's own answer needs its module for sockets, which takes longer to load than many a command. */
function isTerminal(descriptor: number): boolean {
  try {
    const file = fstatSync(descriptor);
    if (!file.isCharacterDevice() || file.rdev === statSync("/dev/null").rdev) return false;
  } catch {
    // It is closed, or this is no Unix.
  }
  return process.getBuiltinModule("node:tty").isatty(descriptor);
}

/** Told by stdout itself: the kernel's SIGPIPE comes of each write to a child that has ended, too, and Node ignores it. */
const readers = new EventEmitter();
const signals: SignalSource = {
  on: (name, listener) => (name === "SIGPIPE" ? readers.on(name, listener) : process.on(name, listener)),
  off: (name, listener) => (name === "SIGPIPE" ? readers.off(name, listener) : process.off(name, listener)),
};

void runCli(process.argv.slice(2), {
  version: installed.version,
  commands: COMMANDS,
  terminal: {
    // As the kernel would tell a program that does not ignore it: the command ends in good order.
    stdout: outputOf(
      () => noted(process.stdout),
      () => isTerminal(1),
      () => readers.emit("SIGPIPE", "SIGPIPE"),
    ),
    stderr: outputOf(
      () => noted(process.stderr),
      () => isTerminal(2),
    ),
    get stdinIsTerminal() {
      return isTerminal(0);
    },
    ask: async (question, signal) => {
      const { askLine } = await import("./ask-line.ts");
      return askLine(question, signal);
    },
    env: process.env,
    now: () => performance.now(),
    isoTime: () => new Date().toISOString(),
    runtime: { node: process.version, platform: `${process.platform} ${process.arch}` },
  },
  watchInterrupts: (listeners) => watchInterrupts(signals, (code) => process.exit(code), listeners),
  openContext: async (own) => {
    const { createNodePorts } = await import("../node/node-ports.ts");
    const { version, resources, supervisorEntry, nodeDirectory } = installed;
    return {
      ...own,
      ports: createNodePorts(),
      version,
      resources,
      supervisorEntry,
      nodeDirectory,
      // Looked up where it is asked for.
      get postgresDependency() {
        return installed.postgresDependency;
      },
    };
  },
}).then((exitCode) => {
  process.exitCode = exitCode;
  endWhenWritten();
});

/**
 * A connection that a failed or interrupted command left open must not keep it alive: its answer has been given. What a
 * slow reader has yet to take is still written.
 */
function endWhenWritten(): void {
  if (opened.every(({ writableLength }) => writableLength === 0)) process.exit();
  setTimeout(endWhenWritten, 100).unref();
}
