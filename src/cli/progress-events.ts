import type { Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** One line of `--json-events`. */
export function eventLine(event: { readonly type: string } & Readonly<Record<string, unknown>>, time: string): string {
  const { type, ...rest } = event;
  return `${JSON.stringify({ schema: 1, time, type, ...rest })}\n`;
}

/** Writes every event as a line of JSON to stdout; texts for people are left out. `time` gives ISO 8601. */
export function eventProgress(terminal: Terminal, time: () => string): Progress {
  return {
    emit: (event) => void terminal.stdout.write(eventLine({ ...event }, time())),
    say: () => Promise.resolve(),
    close: () => {},
  };
}
