import { createMarkFinder } from "./mark-finder.ts";

/** A line that holds one of the words searched for. */
export interface FoundLine {
  readonly raw: string;
  /** Numbers of the words in it, each once. */
  readonly marks: readonly number[];
  readonly offset: number;
  /** Raw lines around it, at most 16 KiB each way: for tracebacks, which end in the line that matters. */
  readonly around: () => { readonly before: readonly string[]; readonly after: readonly string[] };
}

const MARGIN = 16 * 1024;
const CAPACITY = 2 * 1024 * 1024;
const LONGEST_LINE = 16 * 1024;
const TAIL = 4 * 1024;
const NEWLINE = 10;

/**
 * Reads a log of any size in bounded memory and hands over the lines that hold one of the words; the other lines are
 * never decoded. Resolves with the last lines, at most 4 KiB.
 */
export async function scanLog(
  chunks: AsyncIterable<Uint8Array>,
  marks: readonly string[],
  onLine: (line: FoundLine) => void,
): Promise<readonly string[]> {
  const finder = createMarkFinder(marks);
  const buffer = new Uint8Array(CAPACITY + 2 * MARGIN);
  let filled = 0;
  let done = 0;
  let base = 0;

  const scan = (isLast: boolean): void => {
    const to = isLast ? filled : lastLineStart(buffer, done, filled - MARGIN);
    let open: { start: number; end: number; marks: number[] } | undefined;
    const close = (): void => {
      if (open === undefined) return;
      const { start, end, marks: found } = open;
      onLine({
        raw: decode(buffer, start, Math.min(end, start + LONGEST_LINE)),
        marks: found,
        offset: base + start,
        around: () => ({
          before: linesOf(decode(buffer, Math.max(0, start - MARGIN), start - 1)),
          after: linesOf(decode(buffer, end + 1, Math.min(filled, end + 1 + MARGIN))),
        }),
      });
      open = undefined;
    };
    finder.find(buffer, done, to, (mark, at) => {
      if (open !== undefined && at < open.end) {
        if (!open.marks.includes(mark)) open.marks.push(mark);
        return;
      }
      close();
      const newline = buffer.indexOf(NEWLINE, at);
      const end = newline < 0 || newline > filled ? filled : newline;
      open = { start: buffer.lastIndexOf(NEWLINE, at) + 1, end, marks: [mark] };
    });
    close();
    done = to;
    const dropped = Math.max(0, done - MARGIN);
    buffer.copyWithin(0, dropped, filled);
    filled -= dropped;
    done -= dropped;
    base += dropped;
  };

  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length;) {
      const part = chunk.subarray(taken, taken + buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled === buffer.length) scan(false);
    }
  }
  scan(true);
  return linesOf(decode(buffer, Math.max(0, filled - TAIL), filled));
}

/** Where the last line that begins before `limit` starts, so that whole lines are scanned; `limit` in a line without end. */
function lastLineStart(buffer: Uint8Array, from: number, limit: number): number {
  const start = buffer.lastIndexOf(NEWLINE, limit) + 1;
  return start > from ? start : limit;
}

function decode(buffer: Uint8Array, from: number, to: number): string {
  return from >= to ? "" : Buffer.from(buffer.buffer, from, to - from).toString("utf8");
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
