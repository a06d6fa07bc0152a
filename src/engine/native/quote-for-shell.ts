/**
 * A text as it must be written in a POSIX shell script after `before` to stand for itself: as it is when it holds nothing
 * special, else escaped for the quotes that are open there.
 */
export function quoteForShell(text: string, before: string): string {
  if (/^[\p{L}\p{N}_/.@%+:,=-]*$/u.test(text)) return text;
  const open = openQuote(before);
  if (open === "'") return text.replaceAll("'", `'\\''`);
  if (open === '"') return text.replace(/["\\$`]/g, "\\$&");
  return text.replace(/[^\p{L}\p{N}_/.@%+:,=-]/gu, "\\$&");
}

/** The quote that is open at the end of a piece of script. */
function openQuote(script: string): "'" | '"' | undefined {
  let open: "'" | '"' | undefined;
  for (let at = 0; at < script.length; at += 1) {
    const char = script[at];
    if (char === "\\" && open !== "'") at += 1;
    else if ((char === "'" || char === '"') && (open === undefined || open === char))
      open = open === undefined ? char : undefined;
  }
  return open;
}
