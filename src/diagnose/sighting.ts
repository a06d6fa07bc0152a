/** A line of a log that may matter, with what stands around it. Texts are as written: mask them before they are shown. */
export interface Evidence {
  /** Name of the log it stands in: a path, `standard input`, or the service of a running stack. */
  readonly log: string;
  /** The service that wrote it; undefined where the log does not say. */
  readonly service: string | undefined;
  /** Milliseconds since the epoch: of the line, else of the last line of its service that has one. */
  readonly time: number | undefined;
  /** Offset of the line in its log. */
  readonly offset: number;
  /** The line without the prefixes that collectors put before it. */
  readonly line: string;
  /** The line with the traceback it ends and the lines that continue it. */
  readonly block: readonly string[];
}

/** A signature's pattern seen in one service, as often as its names were the same. */
export interface Sighting {
  /** Of the signature. */
  readonly signature: string;
  readonly log: string;
  readonly service: string | undefined;
  /** The named groups of the pattern. */
  readonly names: Readonly<Record<string, string>>;
  readonly count: number;
  /** The first of them, at most three. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** Offset of the last line. */
  readonly lastOffset: number;
}
