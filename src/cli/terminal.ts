/** One of the two output streams, as the command line needs it. */
export interface Output {
  readonly isTerminal: boolean;
  /** Undefined when it is no terminal. */
  readonly columns: () => number | undefined;
  readonly rows: () => number | undefined;
  /** Resolves when more may be written. */
  readonly write: (text: string) => Promise<void>;
  /** Calls back after the terminal's size changed, until the returned function is called. */
  readonly onResize: (listener: () => void) => () => void;
}

/** Where the command line runs: streams, environment, time. Tests give their own. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdinIsTerminal: boolean;
  /** Asks on stderr and gives the line that is typed; empty when input ends or the signal aborts. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Monotonic milliseconds, for what is drawn. */
  readonly now: () => number;
  /** The time of day as ISO 8601, for events. */
  readonly isoTime: () => string;
  readonly runtime: { readonly node: string; readonly platform: string };
}

/**
 * An Output over a stream of Node's, which is opened when something is written: that takes Node longer than many a command.
 * A reader that went away (`| head`, a closed
 * terminal) is no failure: later texts are dropped, and `onGone` is called once.
 */
export function outputOf(
  open: () => NodeJS.WriteStream,
  isTerminal: () => boolean,
  onGone: () => void = () => {},
): Output {
  let opened: NodeJS.WriteStream | undefined;
  let gone = false;
  const stream = () => {
    if (opened !== undefined) return opened;
    opened = open();
    opened.on("error", () => {
      if (gone) return;
      gone = true;
      onGone();
    });
    return opened;
  };
  return {
    get isTerminal() {
      return isTerminal();
    },
    columns: () => (isTerminal() ? stream().columns : undefined),
    rows: () => (isTerminal() ? stream().rows : undefined),
    write: (text) => {
      const target = stream();
      if (gone || target.write(text)) return Promise.resolve();
      return new Promise((resolve) => {
        // After a failed write no `drain` comes.
        const end = () => {
          for (const event of ["drain", "close", "error"]) target.off(event, end);
          resolve();
        };
        for (const event of ["drain", "close", "error"]) target.on(event, end);
      });
    },
    onResize: (listener) => {
      const target = stream();
      target.on("resize", listener);
      return () => target.off("resize", listener);
    },
  };
}
