import type { SourceText } from "../compose/source-text.ts";

/**
 * A text as a program in a container reads it (a URL, a word of a command), with where each piece of it is written.
 * Every offset counts UTF-16 units, end exclusive. May hold a secret: never print `text`.
 */
export interface TracedText {
  readonly text: string;
  /** In order and without gaps; an empty piece stands for a variable that became nothing. */
  readonly pieces: readonly TracedPiece[];
}

/** The part `start`..`end` of a traced text and its origin. */
export interface TracedPiece {
  readonly start: number;
  readonly end: number;
  readonly place: TextPlace;
}

/**
 * Where a piece is written. When the place is as long as the piece, the two correspond unit by unit; otherwise (escapes,
 * doubled signs) the whole place stands for the whole piece.
 *
 * - `value`: part of the effective value at a path of the canonical model (`services.x.environment.Y`,
 *   `services.x.command.2`); its own origin leads on through interpolation, anchors and env files.
 * - `file`: part of a file beside the Compose files: Dockerfile, script, airflow.cfg, requirements, SQL.
 * - `image`: set by the image itself, written nowhere in the project.
 * - `unset`: a shell variable that nothing sets; it expands to nothing.
 * - `computed`: what only the container can tell (`$(...)`, a file that is not in the project); the piece holds the
 *   expression itself.
 */
export type TextPlace =
  | {
      readonly kind: "value";
      readonly path: readonly (string | number)[];
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "file"; readonly source: SourceText; readonly start: number; readonly end: number }
  | { readonly kind: "image" }
  | { readonly kind: "unset"; readonly variable: string }
  | { readonly kind: "computed"; readonly reason: string };

/** A text all of which stands at one place, unit by unit. */
export function traceValue(text: string, path: readonly (string | number)[]): TracedText {
  return {
    text,
    pieces: [{ start: 0, end: text.length, place: { kind: "value", path, start: 0, end: text.length } }],
  };
}

/** The part `start`..`end` of a source file as a text. */
export function traceFile(source: SourceText, start: number, end: number): TracedText {
  const text = source.text.slice(start, end);
  return { text, pieces: [{ start: 0, end: text.length, place: { kind: "file", source, start, end } }] };
}

/** A text that the image brings along. */
export function traceImage(text: string): TracedText {
  return { text, pieces: [{ start: 0, end: text.length, place: { kind: "image" } }] };
}

/** An expression whose value is not known here. */
export function traceComputed(text: string, reason: string): TracedText {
  return { text, pieces: [{ start: 0, end: text.length, place: { kind: "computed", reason } }] };
}

/** A shell variable that is set nowhere. */
export function traceUnset(variable: string): TracedText {
  return { text: "", pieces: [{ start: 0, end: 0, place: { kind: "unset", variable } }] };
}

/** The part `start`..`end`, its pieces cut to it. */
export function sliceTraced(traced: TracedText, start: number, end: number): TracedText {
  const pieces = traced.pieces.flatMap((piece): TracedPiece[] => {
    const from = Math.max(piece.start, start);
    const to = Math.min(piece.end, end);
    const isInside = piece.start === piece.end ? piece.start >= start && piece.start <= end : from < to;
    return isInside ? [{ start: from - start, end: to - start, place: cutPlace(piece, from, to) }] : [];
  });
  return { text: traced.text.slice(start, end), pieces };
}

function cutPlace(piece: TracedPiece, from: number, to: number): TextPlace {
  const { place } = piece;
  if (place.kind !== "value" && place.kind !== "file") return place;
  if (place.end - place.start !== piece.end - piece.start) return place;
  return { ...place, start: place.start + from - piece.start, end: place.start + to - piece.start };
}

/** Texts one after the other; neighbouring pieces of one place are joined. */
export function joinTraced(parts: readonly TracedText[]): TracedText {
  let text = "";
  const pieces: TracedPiece[] = [];
  for (const part of parts) {
    for (const piece of part.pieces) {
      const next = { ...piece, start: piece.start + text.length, end: piece.end + text.length };
      const last = pieces.at(-1);
      const joined = last === undefined ? undefined : joinPlaces(last, next);
      if (last !== undefined && joined !== undefined)
        pieces[pieces.length - 1] = { ...last, end: next.end, place: joined };
      else pieces.push(next);
    }
    text += part.text;
  }
  return { text, pieces };
}

function joinPlaces(left: TracedPiece, right: TracedPiece): TextPlace | undefined {
  const [a, b] = [left.place, right.place];
  if ((a.kind !== "value" && a.kind !== "file") || (b.kind !== "value" && b.kind !== "file")) return undefined;
  const isLinear = a.end - a.start === left.end - left.start && b.end - b.start === right.end - right.start;
  if (!isLinear || a.end !== b.start) return undefined;
  if (a.kind === "file" && b.kind === "file" && a.source === b.source) return { ...a, end: b.end };
  if (a.kind === "value" && b.kind === "value" && a.path.join("\0") === b.path.join("\0")) return { ...a, end: b.end };
  return undefined;
}

/** One character for another everywhere; without a `to` the character goes. The places of the rest stay. */
export function replaceCharacter(traced: TracedText, from: string, to: string): TracedText {
  if (to.length === from.length) return { text: traced.text.replaceAll(from, to), pieces: traced.pieces };
  const parts: TracedText[] = [];
  let start = 0;
  for (const { index } of traced.text.matchAll(new RegExp(from.replace(/[^\w]/g, "\\$&"), "g"))) {
    parts.push(sliceTraced(traced, start, index));
    start = index + from.length;
  }
  return joinTraced([...parts, sliceTraced(traced, start, traced.text.length)]);
}
