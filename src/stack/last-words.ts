import { stripVTControlCharacters } from "node:util";

import { maskPasswords } from "../core/mask-passwords.ts";

const telling =
  /^(?!\s*at )\s*(?:[\w.]+\.)?\w*(?:Error|Exception|Exit)\b:?|\b(?:FATAL|ERROR|CRITICAL|PANIC)\b|ModuleNotFoundError|Can't locate revision|error:/;

/**
 * The lines of a dead unit's log that say why it ended: the last lines naming an error, in their order; where none does,
 * the last lines. ANSI colours are taken off, repeated lines told once.
 */
export function pickLastWords(log: string, count = 4): readonly string[] {
  const lines = stripVTControlCharacters(log)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => telling.test(line));
  const chosen = errors.length > 0 ? errors : lines;
  const once = chosen.filter((line, index) => chosen.lastIndexOf(line) === index);
  return once
    .slice(-count)
    .map(maskPasswords)
    .map((line) => (line.length > 400 ? `${line.slice(0, 400)}...` : line));
}
