import type { Emit } from "../core/event.ts";

/**
 * Shows what happens while a command works. Closing it leaves the terminal as it was found; closing twice is fine.
 */
export interface Progress {
  readonly emit: Emit;
  /** Writes a block above what moves. */
  readonly say: (text: string, to: "stdout" | "stderr") => Promise<void>;
  readonly close: () => void;
}
