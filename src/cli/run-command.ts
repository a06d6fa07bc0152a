import type { CliHost, OutputMode } from "./cli-host.ts";
import { isToolError } from "../core/tool-error.ts";
import type { Emit } from "../core/event.ts";
import type { Command, CommandOutcome, FlagTable, ParsedCommand } from "./define-command.ts";
import { projectOptions, type GlobalValues } from "./global-flags.ts";
import type { Progress } from "./progress.ts";
import { eventLine, eventProgress } from "./progress-events.ts";
import { lineProgress } from "./progress-lines.ts";
import { liveProgress } from "./progress-live.ts";
import { renderRemark } from "./render/error-text.ts";
import { lookOf } from "./render/look.ts";
import { renderProofStep } from "./render/proof-lines.ts";
import type { Output } from "./terminal.ts";

/**
 * Runs a command with its progress shown and Ctrl-C watched. The terminal is as before when it resolves. A run that was
 * interrupted ends with ToolError INTERRUPTED (exit 130), or with the failure that the command met on its own.
 */
export async function runCommand(
  host: CliHost,
  command: Command,
  line: { readonly globals: GlobalValues; readonly parsed: ParsedCommand<FlagTable> },
  output: OutputMode,
): Promise<CommandOutcome> {
  const { terminal } = host;
  const { noColor } = line.globals;
  const lookFor = (stream: Output) =>
    lookOf({ isTerminal: stream.isTerminal, columns: stream.columns(), env: terminal.env, noColor });
  const look = lookFor(terminal.stdout);
  let shown: Progress | undefined;
  // Opening stderr takes a while, and many commands have no progress to show.
  const progress = () => (shown ??= openProgress());
  const openProgress = () => {
    if (output === "events") return eventProgress(terminal, terminal.isoTime);
    const isLive = terminal.stderr.isTerminal && terminal.env.TERM !== "dumb";
    return (isLive ? liveProgress : lineProgress)(terminal, lookFor(terminal.stderr));
  };

  const shownSteps = new Set<string>();
  const emit: Emit = (event) => {
    progress().emit(event);
    if (event.type !== "step" || event.outcome === "running" || output !== "text") return;
    const ok = event.outcome === "unknown" ? null : event.outcome === "ok";
    shownSteps.add(event.id);
    void progress().say(
      `${renderProofStep({ id: event.id, ok, seconds: event.seconds ?? 0, evidence: event.evidence ?? "" }, look)}\n`,
      "stdout",
    );
  };

  const interrupts = host.watchInterrupts({
    leaveToChild: command.leavesInterrupts === true && terminal.stdinIsTerminal,
    onFirst: () => {
      if (command.onInterrupt !== undefined)
        void progress().say(
          `${renderRemark("note", { message: command.onInterrupt }, lookFor(terminal.stderr))}\n`,
          "stderr",
        );
    },
    onForce: () => shown?.close(),
  });
  try {
    const action = await host.openContext({ emit, signal: interrupts.signal });
    const outcome = await command.run(
      {
        action,
        project: projectOptions(line.globals),
        output,
        look,
        interactive: terminal.stdout.isTerminal && terminal.stdinIsTerminal,
        confirm: async (question) =>
          /^y(es)?$/i.test((await terminal.ask(`${question} [y/N] `, interrupts.signal)).trim()),
        print: (text) => (output === "text" ? progress().say(text, "stdout") : Promise.resolve()),
        event: (event) =>
          output === "events" ? terminal.stdout.write(eventLine(event, terminal.isoTime())) : Promise.resolve(),
        shownSteps,
      },
      line.parsed,
    );
    interrupts.signal.throwIfAborted();
    return outcome;
  } catch (error) {
    throw interrupts.signal.aborted && !isOwnFailure(error) ? interrupts.signal.reason : error;
  } finally {
    shown?.close();
    interrupts.stop();
  }
}

/** True for a failure that an interrupt does not explain. */
function isOwnFailure(error: unknown): boolean {
  return isToolError(error) && error.code !== "INTERRUPTED";
}
