import { textWidth, truncate } from "../text-width.ts";

/** A line in three parts; the middle one is what must stay in sight. */
export interface LineParts {
  readonly head: string;
  readonly middle: string;
  readonly tail: string;
}

/** The line in at most `width` columns with the middle in sight, and where the middle stands in it, in columns. */
export function cutAround(
  { head, middle, tail }: LineParts,
  width: number,
  ellipsis: string,
): { readonly text: string; readonly column: number; readonly width: number } {
  const whole = head + middle + tail;
  if (textWidth(whole) <= width) return { text: whole, column: textWidth(head), width: textWidth(middle) };
  const shown = truncate(middle, Math.max(1, width - 2), ellipsis);
  const room = Math.max(0, width - textWidth(shown));
  const start = textWidth(head) + textWidth(shown) <= width ? head : ellipsis + lastColumns(head, Math.floor(room / 2));
  const left = start + shown;
  const rest = width - textWidth(left);
  const end = rest > 0 ? truncate(tail, rest, ellipsis) : "";
  return { text: left + end, column: textWidth(start), width: textWidth(shown) };
}

function lastColumns(text: string, columns: number): string {
  let kept = "";
  for (const character of Array.from(text).toReversed()) {
    if (textWidth(character + kept) > columns - 1) break;
    kept = character + kept;
  }
  return kept;
}
