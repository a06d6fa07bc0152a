import type { TextEdit } from "./fix.ts";

/** A line of a unified diff, without its line break. */
export interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
  /** It is the last of its file and no line break ends it. */
  readonly isUnended: boolean;
}

/** Changed lines with the unchanged ones around them. Line numbers are 1-based, as in `@@ -OLD +NEW @@`. */
export interface DiffHunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly DiffLine[];
}

interface Change {
  /** Old lines `from`..`to`, 0-based, end exclusive. */
  readonly from: number;
  readonly to: number;
  readonly added: readonly string[];
}

type Edit = Pick<TextEdit, "start" | "end" | "text">;

/**
 * What edits do to a file's lines. It follows the edits instead of comparing texts, so it shows what is changed and no
 * more.
 *
 * @param before the file's bytes; empty for a new file
 * @param edits of this file, not overlapping
 * @param context unchanged lines to show around a change
 */
export function diffFile(before: Uint8Array, edits: readonly Edit[], context = 2): readonly DiffHunk[] {
  const lines = splitLines(new TextDecoder("utf-8", { ignoreBOM: true }).decode(before));
  const changes = joinChanges(before, lines, edits);
  const hunks: DiffHunk[] = [];
  let grown = 0;
  for (const group of groupChanges(changes, context)) {
    const start = Math.max(0, (group[0]?.from ?? 0) - context);
    const end = Math.min(lines.length, (group.at(-1)?.to ?? 0) + context);
    const shown: DiffLine[] = [];
    let at = start;
    for (const { from, to, added } of group) {
      shown.push(...lines.slice(at, from).map((line) => diffLine(" ", line)));
      shown.push(...lines.slice(from, to).map((line) => diffLine("-", line)));
      shown.push(...added.map((line) => diffLine("+", line)));
      at = to;
    }
    shown.push(...lines.slice(at, end).map((line) => diffLine(" ", line)));
    // A side without lines is counted from the line before it, as diff does.
    const [oldCount, newCount] = [shown.filter(({ sign }) => sign !== "+"), shown.filter(({ sign }) => sign !== "-")];
    hunks.push({
      oldStart: start + (oldCount.length > 0 ? 1 : 0),
      newStart: start + grown + (newCount.length > 0 ? 1 : 0),
      lines: shown,
    });
    grown += group.reduce((sum, { from, to, added }) => sum + added.length - (to - from), 0);
  }
  return hunks;
}

/** Whole lines that the edits change, without the ones that come out the same. */
function joinChanges(before: Uint8Array, lines: readonly string[], edits: readonly Edit[]): readonly Change[] {
  const starts = [0];
  for (const [at, byte] of before.entries()) if (byte === 0x0a) starts.push(at + 1);
  const lineOf = (offset: number) => starts.findLastIndex((start) => start <= offset);
  const sorted = edits.toSorted((left, right) => left.start - right.start || left.end - right.end);
  const regions: { from: number; to: number; edits: Edit[] }[] = [];
  for (const edit of sorted) {
    const from = lineOf(edit.start);
    const isAtStart = edit.start === starts[from];
    const endLine = lineOf(edit.end);
    const endsWhole = edit.end === starts[endLine] && (edit.text.endsWith("\n") || (edit.text === "" && isAtStart));
    const to = endsWhole ? endLine : endLine + 1;
    const last = regions.at(-1);
    if (last !== undefined && (from < last.to || (from === last.to && last.from === last.to))) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else {
      regions.push({ from, to, edits: [edit] });
    }
  }
  return regions.map(({ from, to, edits: own }) => {
    const start = starts[from] ?? before.length;
    const after = splitLines(splice(before.subarray(start, starts[to] ?? before.length), own, start));
    return trim({ from, to: Math.min(to, lines.length), added: after }, lines);
  });
}

function splice(bytes: Uint8Array, edits: readonly Edit[], base: number): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let at = 0;
  for (const edit of edits) {
    text += decoder.decode(bytes.subarray(at, edit.start - base)) + edit.text;
    at = edit.end - base;
  }
  return text + decoder.decode(bytes.subarray(at));
}

function trim({ from, to, added }: Change, lines: readonly string[]): Change {
  let [start, end] = [from, to];
  let [first, last] = [0, added.length];
  while (start < end && first < last && lines[start] === added[first]) {
    start++;
    first++;
  }
  while (start < end && first < last && lines[end - 1] === added[last - 1]) {
    end--;
    last--;
  }
  return { from: start, to: end, added: added.slice(first, last) };
}

/** Changes whose contexts touch are shown together. */
function groupChanges(changes: readonly Change[], context: number): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    if (change.from === change.to && change.added.length === 0) continue;
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && change.from - last.to <= 2 * context) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

/** Lines with their breaks. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function diffLine(sign: DiffLine["sign"], line: string): DiffLine {
  return { sign, text: line.replace(/\r?\n$/, "").replace(/^\ufeff/, ""), isUnended: !line.endsWith("\n") };
}
