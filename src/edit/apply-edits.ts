import type { TextEdit } from "../core/fix.ts";

type Edit = Pick<TextEdit, "start" | "end" | "text">;

/**
 * The bytes with the edits made. Insertions at one offset stand in the order given, before a replacement that starts there.
 *
 * @throws RangeError for edits that overlap or lie outside of the bytes
 */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of sortEdits(edits)) {
    if (start < at || end < start || end > bytes.length) {
      throw new RangeError(`the edit ${start}..${end} overlaps another one or lies outside of ${bytes.length} bytes`);
    }
    parts.push(bytes.subarray(at, start), encoder.encode(text));
    at = end;
  }
  parts.push(bytes.subarray(at));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** In the order of the text; insertions before a replacement at the same offset, else as given. */
export function sortEdits<T extends Edit>(edits: readonly T[]): readonly T[] {
  return edits.toSorted((left, right) => left.start - right.start || left.end - right.end);
}

/** True when no two edits of one file change the same byte. */
export function areApart(edits: readonly TextEdit[]): boolean {
  const files = new Set(edits.map(({ file }) => file));
  return [...files].every((file) => {
    const sorted = sortEdits(edits.filter((edit) => edit.file === file));
    return sorted.every((edit, at) => at === 0 || edit.start >= (sorted[at - 1]?.end ?? 0));
  });
}
