import type { Span } from "../core/span.ts";
import type { Sources } from "../ports/sources.ts";

/** The text a span covers, as it stands in its file; undefined when the file cannot be read. */
export function readSpan(sources: Sources, span: Span): string | undefined {
  const read = sources.read(span.file);
  return read.kind === "file" ? new TextDecoder().decode(read.bytes.subarray(span.start, span.end)) : undefined;
}
