/** A file's text as places in it are looked up. */
export interface SplitText {
  /** Without what ends them, and without a byte order mark. */
  readonly lines: readonly string[];
  /** Where each begins in the bytes. */
  readonly starts: readonly number[];
  /** UTF-8. */
  readonly bytes: Buffer;
}

const lineFeed = 0x0a;
let last: { readonly text: string; readonly split: SplitText } | undefined;

/** Splits a text; the last one's parts are kept, because tens of thousands of places can lie in one file. */
export function splitText(text: string): SplitText {
  if (last?.text !== text) last = { text, split: split(text) };
  return last.split;
}

function split(text: string): SplitText {
  const bytes = Buffer.from(text, "utf8");
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const starts = [mark * 3];
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) starts.push(at + 1);
  const lines = text.slice(mark).split("\n");
  return { lines: lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)), starts, bytes };
}
