import { joinTraced, sliceTraced, traceComputed, type TracedText } from "./traced-text.ts";

/**
 * The options of an INI file as Python's ConfigParser reads them: `section.key` in lower case; `=` or `:` between key
 * and value; indented lines go on; whole-line comments with `#` and `;`; `%%` means `%`. The last one written wins.
 */
export function readIni(file: TracedText): ReadonlyMap<string, TracedText> {
  const options = new Map<string, TracedText>();
  let section = "";
  let key: string | undefined;
  let at = 0;
  for (const raw of file.text.split("\n")) {
    const start = at;
    at += raw.length + 1;
    const line = raw.trimEnd();
    const trimmed = line.trimStart();
    if (trimmed === "" || /^[#;]/.test(trimmed)) continue;
    const indent = line.length - trimmed.length;
    const header = /^\[([^\]]+)\]/.exec(trimmed);
    if (indent > 0 && key !== undefined) {
      const before = options.get(key);
      const more = sliceTraced(file, start + indent - 1, start + line.length);
      if (before !== undefined) options.set(key, joinTraced([before, unescapePercent(more)]));
    } else if (header !== null) {
      section = header[1]?.toLowerCase() ?? "";
      key = undefined;
    } else {
      const option = /^([^=:]+?)\s*[=:]\s*/.exec(trimmed);
      if (option === null) continue;
      key = `${section}.${option[1]?.trim().toLowerCase() ?? ""}`;
      options.set(key, unescapePercent(sliceTraced(file, start + indent + option[0].length, start + line.length)));
    }
  }
  return options;
}

function unescapePercent(value: TracedText): TracedText {
  if (!value.text.includes("%")) return value;
  if (/%\(\w+\)s/.test(value.text)) return traceComputed(value.text, "it is put together from other options");
  const parts: TracedText[] = [];
  let from = 0;
  for (const { index } of value.text.matchAll(/%%/g)) {
    parts.push(sliceTraced(value, from, index + 1));
    from = index + 2;
  }
  return joinTraced([...parts, sliceTraced(value, from, value.text.length)]);
}
