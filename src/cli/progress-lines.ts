import type { Progress } from "./progress.ts";
import type { Look } from "./render/look.ts";
import { plainProgressLine } from "./render/progress-plain.ts";
import { NO_PROGRESS, reduceProgress } from "./render/progress-state.ts";
import type { Terminal } from "./terminal.ts";

/** Writes one line a change to stderr, for log files and other readers that are no terminal. */
export function lineProgress(terminal: Terminal, look: Look): Progress {
  let state = NO_PROGRESS;
  return {
    emit: (event) => {
      const line = plainProgressLine(state, event, look);
      state = reduceProgress(state, event, terminal.now());
      if (line !== undefined) void terminal.stderr.write(`${line}\n`);
    },
    say: (text, to) => terminal[to].write(text),
    close: () => {},
  };
}
