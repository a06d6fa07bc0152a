import type { TextEdit } from "../core/fix.ts";
import type { Sources } from "../ports/sources.ts";
import { applyEdits } from "./apply-edits.ts";

/**
 * Project files as they are after the edits; nothing is written. A file that is missing is made by its edits.
 *
 * @throws RangeError for edits that overlap or edit what cannot be read
 */
export function overlaySources(sources: Sources, edits: readonly TextEdit[]): Sources {
  const files = new Map<string, Uint8Array>();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const before = sources.read(file);
    if (before.kind === "refused") throw new RangeError(`${file} cannot be edited: ${before.reason}`);
    const bytes = before.kind === "file" ? before.bytes : new Uint8Array();
    files.set(
      file,
      applyEdits(
        bytes,
        edits.filter((edit) => edit.file === file),
      ),
    );
  }
  return {
    read(path) {
      const bytes = files.get(path);
      return bytes === undefined ? sources.read(path) : { kind: "file", path, bytes };
    },
    kindOf: (path) => (files.has(path) ? "file" : sources.kindOf(path)),
    list(path) {
      const prefix = path.endsWith("/") ? path : `${path}/`;
      const made = [...files.keys()].filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
      return [...new Set([...sources.list(path), ...made.filter((name) => !name.includes("/"))])].toSorted();
    },
  };
}
