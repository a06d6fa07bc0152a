import type { Project } from "../compose/project.ts";
import type { TextEdit } from "../core/fix.ts";
import type { Sources } from "../ports/sources.ts";

/** Replaces a part of an effective text where it is written; see EditKit.replaceSlice. */
export function replaceSlice(
  _input: { readonly project: Project; readonly sources: Sources },
  _path: readonly (string | number)[],
  _range: { readonly start: number; readonly end: number },
  _text: string,
  _as: "text" | "interpolated",
): readonly TextEdit[] | undefined {
  return undefined;
}
