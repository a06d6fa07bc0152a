import type { CliHost, OutputMode } from "./cli-host.ts";
import { envelope, errorEntry } from "./envelope.ts";
import { findCommand } from "./find-command.ts";
import { parseCommand, parseHead } from "./parse-command-line.ts";
import { eventLine } from "./progress-events.ts";
import { renderBug, renderError } from "./render/error-text.ts";
import { renderCommandHelp, renderGroupHelp, renderRootHelp } from "./render/help-text.ts";
import { lookOf } from "./render/look.ts";
import { runCommand } from "./run-command.ts";
import type { Output, Terminal } from "./terminal.ts";

/** Runs one command line and gives its exit code: 0 fine, 1 the project's fault, 2 ours or the user's, 130 interrupted. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const { terminal, version } = host;
  const mode = { output: roughMode(args), noColor: args.includes("--no-color"), command: "bulkhead" };
  try {
    const head = parseHead(args);
    if (head.version) {
      await terminal.stdout.write(
        mode.output === "text"
          ? `bulkhead ${version}\n`
          : finalLine({ command: "version", version, exitCode: 0, errors: [], payload: {} }, mode.output, terminal),
      );
      return 0;
    }
    const asksHelp = head.name === "help";
    const words = asksHelp ? head.rest.filter((word) => !word.startsWith("-")) : head.rest;
    const [name, ...rest] = asksHelp || head.name === undefined ? words : [head.name, ...words];
    const look = lookFor(terminal.stdout, terminal, mode.noColor);
    if (name === undefined) {
      await terminal.stdout.write(`${renderRootHelp(host.commands, version, look)}\n`);
      return 0;
    }
    const named = findCommand(name, { ...head, rest }, host.commands);
    if ("group" in named) {
      await terminal.stdout.write(`${renderGroupHelp(named.group, named.entries, look)}\n`);
      return 0;
    }
    const command = await named.entry.load();
    mode.command = command.name;
    const line = asksHelp ? undefined : parseCommand(named.head, command);
    if (line === undefined || line.globals.help) {
      await terminal.stdout.write(`${renderCommandHelp(command, look)}\n`);
      return 0;
    }
    mode.output = line.globals.jsonEvents ? "events" : line.globals.json ? "json" : "text";
    mode.noColor = line.globals.noColor;

    const outcome = await runCommand(host, command, line, mode.output);
    const errors = (outcome.errors ?? []).map((error) => (error instanceof Error ? errorEntry(error) : error));
    if (outcome.asJson === true && mode.output === "text") mode.output = "json";
    if (mode.output === "text") {
      if (outcome.text !== undefined && outcome.text !== "") await terminal.stdout.write(`${outcome.text}\n`);
      const errorLook = lookFor(terminal.stderr, terminal, mode.noColor);
      for (const entry of errors) await terminal.stderr.write(`${renderError(entry, errorLook)}\n`);
    } else {
      const facts = { command: command.name, version, exitCode: outcome.exitCode, errors, payload: outcome.payload };
      await terminal.stdout.write(finalLine(facts, mode.output, terminal));
    }
    return outcome.exitCode;
  } catch (error) {
    return report(error, mode, host);
  }
}

/** Tells a failure where it is looked for and gives its exit code. */
async function report(
  error: unknown,
  mode: { output: OutputMode; noColor: boolean; command: string },
  { terminal, version }: CliHost,
): Promise<number> {
  const entry = errorEntry(error);
  const exitCode = entry.code === "INTERNAL" ? 2 : (error as { exitCode: number }).exitCode;
  const look = lookFor(terminal.stderr, terminal, mode.noColor);
  if (mode.output !== "text") {
    await terminal.stdout.write(
      finalLine({ command: mode.command, version, exitCode, errors: [entry], payload: {} }, mode.output, terminal),
    );
  }
  if (entry.code === "INTERNAL")
    await terminal.stderr.write(`${renderBug(error, { version, ...terminal.runtime }, look)}\n`);
  else if (mode.output === "text" && entry.detail.signal !== "SIGPIPE")
    await terminal.stderr.write(`${renderError(entry, look)}\n`);
  return exitCode;
}

function finalLine(facts: Parameters<typeof envelope>[0], output: OutputMode, terminal: Terminal): string {
  const result = envelope(facts);
  return output === "events"
    ? eventLine({ type: "result", ...result }, terminal.isoTime())
    : `${JSON.stringify(result, null, 2)}\n`;
}

function lookFor(output: Output, terminal: Terminal, noColor: boolean) {
  return lookOf({ isTerminal: output.isTerminal, columns: output.columns(), env: terminal.env, noColor });
}

/** What is wanted as far as can be told before the line is understood: errors of the line itself use it. */
function roughMode(args: readonly string[]): OutputMode {
  return args.includes("--json-events") ? "events" : args.includes("--json") ? "json" : "text";
}
