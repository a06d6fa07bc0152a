import { expandEscape, type DotenvEntry, dotenvEscape } from "./parse-dotenv.ts";
import { createTextMap, type TextMap } from "./text-map.ts";

/**
 * The value of an env file's assignment as it was before variables were replaced, with its places: quotes and escapes
 * resolved.
 *
 * @param text the file's text
 */
export function mapDotenvValue(text: string, entry: DotenvEntry): TextMap {
  const map = createTextMap(text);
  const quote = entry.quote;
  if (quote === undefined) {
    map.copy(entry.valueStart, entry.end);
    return map.build();
  }
  const { unquoted, starts } = unquote(text, entry.valueStart + 1, entry.end - 1, quote);
  const startOf = (at: number) => starts[at] ?? entry.end - 1;
  const keep = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      if (startOf(at + 1) === startOf(at) + 1) map.copy(startOf(at), startOf(at + 1));
      else map.replace(unquoted[at] ?? "", startOf(at), startOf(at + 1));
    }
  };
  let kept = 0;
  for (const match of quote === '"' ? unquoted.matchAll(dotenvEscape) : []) {
    const end = match.index + match[0].length;
    keep(kept, match.index);
    map.replace(expandEscape(match[0]), startOf(match.index), startOf(end));
    kept = end;
  }
  keep(kept, unquoted.length);
  return map.build();
}

/** The text between quotes with escaped quotes resolved, and where each of its characters starts. */
function unquote(text: string, from: number, to: number, quote: string) {
  const starts: number[] = [];
  let unquoted = "";
  for (let at = from; at < to; at++) {
    starts.push(at);
    if (text[at] === "\\" && text[at + 1] === quote) {
      unquoted += quote;
      at++;
    } else if (text[at] === "\\" && at + 1 < to) {
      unquoted += `\\${text[at + 1] ?? ""}`;
      starts.push(++at);
    } else {
      unquoted += text[at] ?? "";
    }
  }
  return { unquoted, starts };
}
