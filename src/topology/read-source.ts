import { createSourceText } from "../compose/source-text.ts";
import type { Sources } from "../ports/sources.ts";
import { traceFile, type TracedText } from "./traced-text.ts";

/** A file's text with its places, bytes that are no UTF-8 replaced; undefined when it is missing or refused. */
export function readSource(path: string, sources: Sources): TracedText | undefined {
  const read = sources.read(path);
  if (read.kind !== "file") return undefined;
  const source = createSourceText(path, new TextDecoder("utf-8", { ignoreBOM: true }).decode(read.bytes));
  return traceFile(source, 0, source.text.length);
}
