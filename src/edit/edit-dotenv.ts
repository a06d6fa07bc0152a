import { parseDotenv } from "../compose/parse-dotenv.ts";
import { createSourceText, type SourceText } from "../compose/source-text.ts";
import type { TextEdit } from "../core/fix.ts";

/** Sets a variable in an env file: the last assignment of the name, else a new line at the end. */
export function setDotenvVariable(
  file: string,
  source: SourceText | undefined,
  name: string,
  value: string,
): readonly TextEdit[] | undefined {
  const rendered = renderDotenvValue(value);
  if (rendered === undefined) return undefined;
  const place = source ?? createSourceText(file, "");
  const { text } = place;
  const parsed = parseDotenv(text, () => "");
  if (parsed.fault !== undefined) return undefined;
  const newline = /\r?\n/.exec(text)?.[0] ?? "\n";
  const entry = parsed.entries.findLast(({ key }) => key === name);
  if (entry === undefined) {
    const isUnended = text !== "" && !/[\n\ufeff]$/.test(text);
    const { end } = place.span(0, text.length);
    return [{ file, start: end, end, text: `${isUnended ? newline : ""}${name}=${rendered}${newline}` }];
  }
  const assignment = /^[^=:\n]*[=:][\t\v\f\r \u0085\u00A0]*/.exec(text.slice(entry.start, entry.end));
  if (assignment === null) return undefined;
  const { start, end } = place.span(entry.start + assignment[0].length, entry.end);
  return [{ file, start, end, text: rendered }];
}

/** A value as an env file holds it: bare where that is the same, else in quotes. Undefined when none reads back so. */
export function renderDotenvValue(value: string): string | undefined {
  const escaped = value
    .replace(/["\\$]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return [value, `'${value}'`, `"${escaped}"`].find((rendered) => {
    if (rendered === value && !/^[A-Za-z0-9_./:@%+,=~*?&;!()[\]{}|^-]*$/.test(value)) return false;
    const { entries, fault } = parseDotenv(`K=${rendered}\nL=l\n`, () => undefined);
    return fault === undefined && entries.length === 2 && entries[0]?.value === value && entries[1]?.value === "l";
  });
}
