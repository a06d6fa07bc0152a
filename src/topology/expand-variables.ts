import { joinTraced, sliceTraced, type TracedText } from "./traced-text.ts";

/** Python's `os.path.expandvars`: `$NAME` and `${NAME}` of variables that are set; others stay as they are. */
export function expandVariables(text: TracedText, variables: ReadonlyMap<string, TracedText>): TracedText {
  const parts: TracedText[] = [];
  let from = 0;
  for (const match of text.text.matchAll(/\$(?:(\w+)|\{([^}]*)\})/g)) {
    const value = variables.get(match[1] ?? match[2] ?? "");
    if (value === undefined) continue;
    parts.push(sliceTraced(text, from, match.index), value);
    from = match.index + match[0].length;
  }
  return from === 0 ? text : joinTraced([...parts, sliceTraced(text, from, text.text.length)]);
}
