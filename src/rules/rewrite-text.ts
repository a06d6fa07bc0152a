import type { TextEdit } from "../core/fix.ts";
import { sliceTraced, type TracedText } from "../topology/traced-text.ts";
import type { Subject } from "./rule.ts";

/** Edits that write another text where a range of a text is written; undefined where that is not one place. */
export function rewriteText(
  edit: Subject["edit"],
  text: TracedText,
  replacement: string,
  [start, end]: readonly [number, number] = [0, text.text.length],
): readonly TextEdit[] | undefined {
  const pieces = sliceTraced(text, start, end).pieces.filter((piece) => piece.end > piece.start);
  const [first] = pieces;
  if (first === undefined || pieces.length > 1) return undefined;
  const { place } = first;
  if (place.kind === "value") return edit.replaceSlice(place.path, place.start, place.end, replacement);
  return place.kind === "file" ? [edit.replace(place.source.span(place.start, place.end), replacement)] : undefined;
}
