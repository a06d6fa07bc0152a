import type { ParsedWord, ShellPiece } from "./parse-shell.ts";

/** The pieces of a word from a place of the script on. */
export function cutPieces(word: ParsedWord, from: number): ShellPiece[] {
  return word.pieces.flatMap((piece): ShellPiece[] => {
    if (piece.end <= from) return [];
    const cut = Math.max(0, from - piece.start);
    return [{ ...piece, text: piece.text.slice(cut), start: piece.start + cut }];
  });
}
