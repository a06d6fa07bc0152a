import type { TextEdit } from "../core/fix.ts";
import { sortEdits } from "./apply-edits.ts";

type Segment =
  | { readonly kind: "kept"; readonly from: number; readonly to: number }
  | { readonly kind: "new"; readonly bytes: Uint8Array };

/**
 * Edits that do at once what `first` and then `second` do. Offsets of `second` are those of the text after `first`; the
 * result's are those of the text before.
 */
export function composeEdits(first: readonly TextEdit[], second: readonly TextEdit[]): readonly TextEdit[] {
  const files = [...new Set([...first, ...second].map(({ file }) => file))];
  return files.flatMap((file) => {
    let segments: readonly Segment[] = [{ kind: "kept", from: 0, to: Number.POSITIVE_INFINITY }];
    for (const edits of [first, second]) {
      // From the end, so that offsets of the text before stay true. Of insertions at one offset the last goes first.
      const own = sortEdits(edits.filter((edit) => edit.file === file)).toReversed();
      for (const edit of own) segments = cutIn(segments, edit);
    }
    return toEdits(file, segments);
  });
}

/** The edit as it is after other edits of its text, or undefined when they changed what it changes. */
export function moveEdit(edits: readonly TextEdit[], edit: TextEdit): TextEdit | undefined {
  let moved = 0;
  for (const { file, start, end, text } of edits) {
    if (file !== edit.file) continue;
    if (end <= edit.start) moved += new TextEncoder().encode(text).length - (end - start);
    else if (start < edit.end || (start === edit.start && start < end)) return undefined;
  }
  return { ...edit, start: edit.start + moved, end: edit.end + moved };
}

function lengthOf(segment: Segment): number {
  return segment.kind === "kept" ? segment.to - segment.from : segment.bytes.length;
}

function part(segment: Segment, from: number, to: number): Segment {
  if (segment.kind === "kept") return { kind: "kept", from: segment.from + from, to: segment.from + to };
  return { kind: "new", bytes: segment.bytes.subarray(from, to) };
}

function cutIn(segments: readonly Segment[], { start, end, text }: TextEdit): readonly Segment[] {
  const before: Segment[] = [];
  const behind: Segment[] = [];
  let at = 0;
  for (const segment of segments) {
    const length = lengthOf(segment);
    if (at < start) before.push(part(segment, 0, Math.min(length, start - at)));
    if (at + length > end) behind.push(part(segment, Math.max(0, end - at), length));
    at += length;
  }
  return [...before, { kind: "new", bytes: new TextEncoder().encode(text) }, ...behind];
}

function toEdits(file: string, segments: readonly Segment[]): readonly TextEdit[] {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const edits: TextEdit[] = [];
  let at = 0;
  let text = "";
  for (const segment of segments) {
    if (segment.kind === "new") {
      text += decoder.decode(segment.bytes);
      continue;
    }
    if (segment.from > at || text !== "") edits.push({ file, start: at, end: segment.from, text });
    text = "";
    at = segment.to;
  }
  return edits;
}
