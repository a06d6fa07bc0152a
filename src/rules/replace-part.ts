import type { TextEdit } from "../core/fix.ts";
import type { UrlSpan } from "../topology/parse-database-url.ts";
import type { WrittenAddress } from "../topology/topology.ts";
import { sliceTraced } from "../topology/traced-text.ts";
import type { Subject } from "./rule.ts";

/**
 * Edits that give a range of an address another text where it is written. `interpolated`: `${NAME}` in `text` is for
 * Compose to fill in, and variables that the range came from stay as they are. Undefined where no one place wrote it, or
 * the place cannot take the text.
 */
export function replacePart(
  { edit }: Subject,
  address: WrittenAddress,
  [start, end]: UrlSpan,
  text: string,
  as: "text" | "interpolated" = "text",
): readonly TextEdit[] | undefined {
  const pieces = sliceTraced(address.text, start, end).pieces.filter((piece) => piece.end > piece.start);
  const first = pieces[0]?.place;
  const last = pieces.at(-1)?.place;
  if (first?.kind === "value" && last?.kind === "value" && isSamePath(first.path, last.path))
    return edit.replaceSlice(first.path, first.start, last.end, text, as);
  if (first?.kind === "file" && last === first && !(as === "interpolated" && text.includes("${")))
    return [edit.replace(first.source.span(first.start, first.end), text)];
  return undefined;
}

function isSamePath(left: readonly (string | number)[], right: readonly (string | number)[]): boolean {
  return left.length === right.length && left.every((key, at) => key === right[at]);
}
