import type { ParsedWord } from "./parse-shell.ts";

/** The operator of a redirection in the unquoted text of a word, with its place in the script. */
export function findRedirection(word: ParsedWord): { text: string; at: number; end: number } | undefined {
  const [first] = word.pieces;
  if (first?.kind === "literal" && /^<<-?\s*\S/.test(first.text)) return { text: "<<", at: word.start, end: word.end };
  for (const piece of word.pieces) {
    const match = piece.kind === "bare" ? /(?:^\d|&)?(<<<|[<>]{1,2}\|?&?)/.exec(piece.text) : null;
    if (match === null || piece.text.startsWith("$(")) continue;
    return {
      text: match[1] ?? "",
      at: piece.start + match.index,
      end: piece.start + match.index + match[0].length,
    };
  }
  return undefined;
}
