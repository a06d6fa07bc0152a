import type { ActionContext } from "../actions/context.ts";
import type { CommandEntry } from "./command-entry.ts";
import type { Interrupts, InterruptListeners } from "./interrupts.ts";
import type { Terminal } from "./terminal.ts";

export type OutputMode = "text" | "json" | "events";

/** What the entry point provides; tests give their own. */
export interface CliHost {
  readonly terminal: Terminal;
  readonly version: string;
  readonly commands: readonly CommandEntry[];
  /** Loads the ports: called only when a command is about to work. */
  readonly openContext: (own: Pick<ActionContext, "emit" | "signal">) => Promise<ActionContext>;
  readonly watchInterrupts: (listeners: InterruptListeners) => Interrupts;
}
