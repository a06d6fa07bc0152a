import { createSourceText } from "../compose/source-text.ts";
import { decodeInPlace } from "../core/decode-in-place.ts";
import type { Sources } from "../ports/sources.ts";
import { traceFile, type TracedText } from "./traced-text.ts";

/** A file's text with its places, whatever its bytes are; undefined when it is missing or refused. */
export function readSource(path: string, sources: Sources): TracedText | undefined {
  const read = sources.read(path);
  if (read.kind !== "file") return undefined;
  const source = createSourceText(path, decodeInPlace(read.bytes));
  return traceFile(source, 0, source.text.length);
}
