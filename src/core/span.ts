/**
 * A place in a source text.
 *
 * `start` and `end` are UTF-8 byte offsets into the original bytes (BOM included, CRLF untouched), end exclusive.
 * `line` and `column` are 1-based and belong to `start`; a column counts Unicode code points.
 */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, the form editors and terminals make clickable. */
export function renderSpan(span: Span): string {
  return `${span.file}:${span.line}:${span.column}`;
}
