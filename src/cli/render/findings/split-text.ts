/** A file's text as places in it are looked up. */
export interface SplitText {
  /** Without the line feeds, the byte order mark included. */
  readonly lines: readonly string[];
  /** UTF-8. */
  readonly bytes: Buffer;
}

let last: { readonly text: string; readonly split: SplitText } | undefined;

/** Splits a text; the last one's parts are kept, because tens of thousands of places can lie in one file. */
export function splitText(text: string): SplitText {
  if (last?.text !== text) last = { text, split: { lines: text.split("\n"), bytes: Buffer.from(text, "utf8") } };
  return last.split;
}
