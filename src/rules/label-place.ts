import type { Label } from "../core/finding.ts";
import type { Span } from "../core/span.ts";
import type { Project } from "../compose/project.ts";
import type { TracedText } from "../topology/traced-text.ts";

type Path = readonly (string | number)[];

/** Labels for places of a project, made of canonical paths and traced texts. */
export interface PlaceLabels {
  /** The key at a path; of a list item its value. */
  key(path: Path, text: string): Label | undefined;
  /** The value at a path, where it was written. */
  value(path: Path, text: string): Label | undefined;
  /** The UTF-16 range `start`..`end` of a text that a program reads. */
  slice(traced: TracedText, start: number, end: number, text: string): Label | undefined;
  /** The service's own key. Every service has one, in whichever file. */
  service(name: string, text: string): Label;
}

export function placeLabels({ origins, files }: Project): PlaceLabels {
  const labelled = (span: Span | undefined, text: string) => (span === undefined ? undefined : { span, text });
  const valueSpan = (path: Path) => origins.at(path)?.chain.find((link) => link.span !== undefined)?.span;
  const keySpan = (path: Path) => origins.keyAt(path) ?? valueSpan(path);
  const fallback: Span = { file: files[0] ?? "", start: 0, end: 0, line: 1, column: 1 };
  return {
    key: (path, text) => labelled(keySpan(path), text),
    value: (path, text) => labelled(valueSpan(path), text),
    slice(traced, start, end, text) {
      return labelled(sliceSpan(origins, traced, start, end), text);
    },
    service: (name, text) => ({ span: keySpan(["services", name]) ?? fallback, text }),
  };
}

function sliceSpan(origins: Project["origins"], traced: TracedText, start: number, end: number): Span | undefined {
  const spans = traced.pieces.flatMap((piece): Span[] => {
    const from = Math.max(piece.start, start);
    const to = Math.min(piece.end, end);
    if (from >= to) return [];
    const { place } = piece;
    if (place.kind !== "value" && place.kind !== "file") return [];
    const isLinear = place.end - place.start === piece.end - piece.start;
    const first = isLinear ? place.start + from - piece.start : place.start;
    const last = isLinear ? place.start + to - piece.start : place.end;
    if (place.kind === "file") return [place.source.span(first, last)];
    return origins
      .slice(place.path, first, last)
      .flatMap(({ origin }) => origin.chain.find((link) => link.span !== undefined)?.span ?? []);
  });
  return spans.reduce<Span | undefined>(joinSpans, undefined);
}

/** Pieces of one file become one span; what stands in another file is left to the first piece. */
function joinSpans(joined: Span | undefined, span: Span): Span {
  if (joined === undefined) return span;
  return joined.file === span.file && span.start >= joined.start
    ? { ...joined, end: Math.max(joined.end, span.end) }
    : joined;
}
