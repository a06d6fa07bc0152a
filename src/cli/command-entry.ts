import type { Command } from "./define-command.ts";

/** A command in the generated registry: what the list of commands needs, the rest loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}
