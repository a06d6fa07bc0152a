import { setMaxListeners } from "node:events";
import { ToolError } from "../core/tool-error.ts";

export interface InterruptListeners {
  /** At the first Ctrl-C. */
  readonly onFirst: () => void;
  /** At the second, just before the process ends. */
  readonly onForce: () => void;
  /** Ctrl-C at the terminal is left to a child that receives it too. */
  readonly leaveToChild: boolean;
}

export interface Interrupts {
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

/** The process as seen from here; tests give an EventEmitter. */
export interface SignalSource {
  on(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE", listener: (signal: NodeJS.Signals) => void): unknown;
  off(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE", listener: (signal: NodeJS.Signals) => void): unknown;
}

/**
 * Turns signals into an AbortSignal: the first SIGINT, SIGTERM or SIGHUP aborts with ToolError INTERRUPTED and leaves the
 * rest to the command, the second calls `exit(130)` at once. SIGPIPE, which stands for a reader of stdout that went away,
 * only aborts.
 */
export function watchInterrupts(
  source: SignalSource,
  exit: (code: number) => void,
  listeners: InterruptListeners,
): Interrupts {
  const controller = new AbortController();
  // Every wait of a stack listens to the one signal: many listeners are no leak.
  setMaxListeners(0, controller.signal);
  const abort = (detail: { signal: string }) => {
    controller.abort(new ToolError("INTERRUPTED", "Interrupted.", { exitCode: 130, detail }));
    listeners.onFirst();
  };
  const interrupt = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      listeners.onForce();
      exit(130);
      return;
    }
    abort({ signal });
  };
  const onSigint = listeners.leaveToChild ? () => {} : interrupt;
  const onPipe = () => {
    if (!controller.signal.aborted) abort({ signal: "SIGPIPE" });
  };
  source.on("SIGINT", onSigint);
  source.on("SIGTERM", interrupt);
  source.on("SIGHUP", interrupt);
  source.on("SIGPIPE", onPipe);
  return {
    signal: controller.signal,
    stop: () => {
      source.off("SIGINT", onSigint);
      source.off("SIGTERM", interrupt);
      source.off("SIGHUP", interrupt);
      source.off("SIGPIPE", onPipe);
    },
  };
}
