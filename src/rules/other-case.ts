import { basename, dirname } from "node:path";

import type { TextEdit } from "../core/fix.ts";
import type { Span } from "../core/span.ts";
import type { Sources } from "../ports/sources.ts";
import { readSpan } from "./read-span.ts";
import type { Subject } from "./rule.ts";

/**
 * The name that a missing file or directory has in its directory but for upper and lower case, which disks of macOS and
 * Windows take for the same; undefined: none, or several.
 */
export function otherCase(sources: Sources, path: string): string | undefined {
  const name = basename(path).toLowerCase();
  const found = sources.list(dirname(path)).filter((entry) => entry.toLowerCase() === name);
  return found.length === 1 ? found[0] : undefined;
}

/** What a finding says of that name. */
export function noteOtherCase(found: string): string {
  return `\`${found}\` is there: Linux tells upper and lower case apart`;
}

/** Writes the path that stands in `span` with the name as it is on the disk. */
export function writeOtherCase(
  { edit, sources }: Subject,
  span: Span,
  path: string,
  found: string,
): readonly TextEdit[] | undefined {
  const name = basename(path);
  const text = readSpan(sources, span) ?? "";
  const parts = [...text.matchAll(/[^/:'"\s]+/g)].filter((part) => part[0] === name);
  // A directory of that name above it is none of ours; a trailing slash may follow.
  const last = parts.find(({ index }) => !/^\/[^:'"\s]/.test(text.slice(index + name.length)));
  if (last === undefined) return undefined;
  const start = span.start + new TextEncoder().encode(text.slice(0, last.index)).length;
  return [edit.replace({ ...span, start, end: start + new TextEncoder().encode(name).length }, found)];
}
