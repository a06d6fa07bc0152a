/** `a"b` -> `"a""b"`: always quoted, so that no word is a keyword. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `it's` -> `'it''s'`; with a backslash as an escape string, whatever standard_conforming_strings says. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
