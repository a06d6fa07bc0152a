import { diffFile, type DiffHunk, type DiffLine } from "../../../core/diff-file.ts";
import { findSecrets } from "../../../core/find-secrets.ts";
import type { TextEdit } from "../../../core/fix.ts";
import type { Look } from "../look.ts";
import { paint, type Style } from "../styles.ts";

/** What a diff is made of. */
export interface DiffFacts {
  /** File texts by absolute path, byte order mark included; a file that is missing here is a new one. */
  readonly texts: ReadonlyMap<string, string>;
  /** How a path is shown. */
  readonly place: (file: string) => string;
  /** Texts that must not be shown, such as generated passwords. */
  readonly secrets: readonly string[];
  readonly look: Look;
}

/** Edits as a unified diff, file by file. Secrets, and every value in an env file, are shown as `***`. */
export function renderDiff(edits: readonly TextEdit[], facts: DiffFacts): string[] {
  const files = [...new Set(edits.map(({ file }) => file))];
  return files.flatMap((file) => {
    const text = facts.texts.get(file);
    const hunks = diffFile(
      new TextEncoder().encode(text ?? ""),
      edits.filter((edit) => edit.file === file),
    );
    const bold = (line: string) => paint(facts.look, "bold", line);
    const head = [
      bold(text === undefined ? "--- /dev/null" : `--- ${facts.place(file)}`),
      bold(`+++ ${facts.place(file)}`),
    ];
    const body = hunks.flatMap((hunk) => renderHunk(hunk, mask(file, facts.secrets), facts.look));
    return body.length === 0 ? [] : [...head, ...body];
  });
}

const styles: Readonly<Record<DiffLine["sign"], Style | undefined>> = { " ": undefined, "-": "red", "+": "green" };

function renderHunk(
  { oldStart, newStart, lines }: DiffHunk,
  masked: (line: string) => string,
  look: Look,
): readonly string[] {
  const oldCount = lines.filter(({ sign }) => sign !== "+").length;
  const newCount = lines.filter(({ sign }) => sign !== "-").length;
  return [
    paint(look, "cyan", `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@`),
    ...lines.flatMap(({ sign, text, isUnended }) => [
      paint(look, styles[sign], `${sign}${visible(masked(text))}`),
      ...(isUnended ? ["\\ No newline at end of file"] : []),
    ]),
  ];
}

function mask(file: string, secrets: readonly string[]): (line: string) => string {
  const isEnvFile = /(^|\/)\.env[^/]*$|\.env$/.test(file);
  return (line) => {
    if (isEnvFile && !/^\s*(#|$)/.test(line)) return line.replace(/^([^=:]*[=:]\s*)?.+$/, "$1***");
    let shown = line;
    for (const { start, end } of findSecrets(line).toReversed())
      shown = `${shown.slice(0, start)}***${shown.slice(end)}`;
    for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "***");
    return shown;
  };
}

/** Control characters as the replacement character; tabs stay. */
function visible(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, "\uFFFD");
}
