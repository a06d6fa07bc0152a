import { parseDotenv } from "../compose/parse-dotenv.ts";
import type { SourceText } from "../compose/source-text.ts";
import type { TextEdit } from "../core/fix.ts";
import { renderDotenvValue } from "./edit-dotenv.ts";

/** Writes into a value of an env file, in its quotes or in others that can hold the text. Offsets are UTF-16. */
export function encodeDotenvSlice(source: SourceText, from: number, to: number, text: string): TextEdit | undefined {
  const parsed = parseDotenv(source.text, () => "");
  const entry = parsed.entries.find(({ start, end }) => start <= from && to <= end);
  if (entry === undefined) return undefined;
  const start =
    entry.start +
    (/^[^=:\n]*[=:][\t\v\f\r \u0085\u00A0]*/.exec(source.text.slice(entry.start, entry.end))?.[0].length ?? 0);
  if (start > from) return undefined;
  const raw = source.text.slice(start, entry.end);
  const quote = /^["']/.exec(raw)?.[0] ?? "";
  const before = decode(`${raw.slice(0, from - start)}|${quote}`)?.slice(0, -1);
  const upTo = decode(`${raw.slice(0, to - start)}|${quote}`)?.slice(0, -1);
  if (before === undefined || upTo === undefined) return undefined;
  const wanted = before + text + entry.value.slice(upTo.length);
  const escaped =
    quote === '"'
      ? text.replace(/["\\$]/g, "\\$&").replaceAll("\n", "\\n")
      : quote === ""
        ? text.replaceAll("$", "$$$$")
        : text;
  const spliced = source.text.slice(start, from) + escaped + source.text.slice(to, entry.end);
  if (decode(spliced) === wanted) return { ...at(source, from, to), text: escaped };
  const rendered = entry.uses.length === 0 ? renderDotenvValue(wanted) : undefined;
  return rendered === undefined ? undefined : { ...at(source, start, entry.end), text: rendered };
}

/** Writes into a line of a raw env file, which nothing quotes. */
export function encodeRawEnvSlice(source: SourceText, from: number, to: number, text: string): TextEdit | undefined {
  return text.includes("\n") ? undefined : { ...at(source, from, to), text };
}

/** The value that an assignment of `raw` gives with every variable blank; undefined when it is none or not only that. */
function decode(raw: string): string | undefined {
  const { entries, fault } = parseDotenv(`K=${raw}\nL=l\n`, () => "");
  const [first, second] = entries;
  return fault === undefined && entries.length === 2 && second?.value === "l" ? first?.value : undefined;
}

function at(source: SourceText, from: number, to: number): Omit<TextEdit, "text"> {
  const { file, start, end } = source.span(from, to);
  return { file, start, end };
}
