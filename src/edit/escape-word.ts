/** The quotes that stand open at the end of a text, as Compose's command splitter and a shell see them. */
export type OpenQuotes = "none" | "single" | "double";

/** Which quotes a command text leaves open; undefined inside of `` ` `` or `$(`, or behind a backslash. */
export function openQuotes(text: string): OpenQuotes | undefined {
  let open: OpenQuotes = "none";
  let isEscaped = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isEscaped) isEscaped = false;
    else if (character === "\\" && open !== "single") isEscaped = true;
    else if (character === "'" && open !== "double") open = open === "single" ? "none" : "single";
    else if (character === '"' && open !== "single") open = open === "double" ? "none" : "double";
    else if (character === "`" || (character === "$" && text[at + 1] === "(" && open !== "single")) return undefined;
  }
  return isEscaped ? undefined : open;
}

/** Text as it must stand in a command that Compose splits into words, so that it reaches the word unchanged. */
export function escapeWord(text: string, open: OpenQuotes): string {
  if (open === "single") return text.replaceAll("'", "'\\''");
  const special = open === "double" ? /["\\`]/g : /[\s"'\\`()<>|;&]/g;
  return text.replace(special, (character) =>
    character === "\n" ? "\\n" : character === "\t" ? "\\t" : `\\${character}`,
  );
}
