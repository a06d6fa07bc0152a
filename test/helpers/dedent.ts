/** A text written between the code's own indentation: without its first line break and the columns all lines share. */
export function dedent(strings: TemplateStringsArray): string {
  const text = (strings.raw[0] ?? "").replace(/^\n/, "").replace(/\n[ ]*$/, "\n");
  const columns = Math.min(...[...text.matchAll(/^( *)\S/gm)].map(([, spaces = ""]) => spaces.length));
  return text.replaceAll(new RegExp(`^ {1,${columns}}`, "gm"), "");
}
