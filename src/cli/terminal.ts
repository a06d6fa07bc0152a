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
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Monotonic milliseconds, for what is drawn. */
  readonly now: () => number;
  /** The time of day as ISO 8601, for events. */
  readonly isoTime: () => string;
  readonly runtime: { readonly node: string; readonly platform: string };
}

/** An Output over a stream of Node's, which is opened at its first use. */
export function outputOf(stream: () => NodeJS.WriteStream): Output {
  return {
    get isTerminal() {
      return stream().isTTY;
    },
    columns: () => stream().columns,
    rows: () => stream().rows,
    write: (text) => {
      const open = stream();
      // After a failed write no `drain` comes.
      if (open.write(text) || open.destroyed) return Promise.resolve();
      return new Promise((resolve) => {
        const end = () => {
          open.off("drain", end);
          open.off("close", end);
          resolve();
        };
        open.on("drain", end);
        open.on("close", end);
      });
    },
    onResize: (listener) => {
      const open = stream();
      open.on("resize", listener);
      return () => open.off("resize", listener);
    },
  };
}
