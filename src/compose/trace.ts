import type { OriginLink, OriginStep } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import type { InterpolatedPart, VariableUse } from "./interpolate-text.ts";
import type { SourceText } from "./source-text.ts";
import type { TextMap } from "./text-map.ts";

/** Characters `start`..`end` of a text (UTF-16, end exclusive), and where one place wrote them: nearest link first. */
export interface TracedPiece {
  readonly start: number;
  readonly end: number;
  readonly links: readonly OriginLink[];
}

/** Finds where characters of one effective text were written. Nothing is worked out before it is asked for. */
export type Trace = (start: number, end: number) => readonly TracedPiece[];

/** A text decoded from a file. */
export function traceDecoded(
  source: SourceText,
  decode: () => TextMap,
  step: OriginStep = "written",
  variable?: string,
): Trace {
  let map: TextMap | undefined;
  return (start, end) => {
    map ??= decode();
    return map.locate(start, end).map((range) => ({
      start: range.start,
      end: range.end,
      links: [{ step, span: source.span(range.from, range.to), ...(variable === undefined ? {} : { variable }) }],
    }));
  };
}

/** A text that is another one from `offset` on. */
export function tracePart(whole: Trace | undefined, offset: number): Trace | undefined {
  if (whole === undefined) return undefined;
  return (start, end) => whole(start + offset, end + offset).map((piece) => shift(piece, -offset));
}

/** A text put together of others. Parts without a trace give pieces without links. */
export function traceJoined(parts: readonly { readonly length: number; readonly trace: Trace | undefined }[]): Trace {
  return (start, end) => {
    const pieces: TracedPiece[] = [];
    let at = 0;
    for (const { length, trace } of parts) {
      const from = Math.max(start, at);
      const to = Math.min(end, at + length);
      const base = at;
      at += length;
      if (from >= to) continue;
      if (trace === undefined) pieces.push({ start: from, end: to, links: [] });
      else pieces.push(...trace(from - base, to - base).map((piece) => shift(piece, base)));
    }
    return pieces;
  };
}

/** A text that was decoded from another text, e.g. a word of a command. */
export function traceMapped(whole: Trace | undefined, map: TextMap): Trace | undefined {
  if (whole === undefined) return undefined;
  return (start, end) =>
    map.locate(start, end).flatMap((range) => {
      const found = whole(range.from, range.to);
      const copied = range.end - range.start === range.to - range.from;
      if (copied) return found.map((piece) => shift(piece, range.start - range.from));
      return [{ start: range.start, end: range.end, links: joinedLinks(found) }];
    });
}

/**
 * An interpolated text: characters of the template, and values of variables with the `${NAME}` that used them as the
 * next link.
 *
 * @param template where the template was written
 * @param variableAt the trace and the own link of a variable's value
 */
export function traceInterpolated(
  parts: readonly InterpolatedPart[],
  template: Trace | undefined,
  variableAt: (name: string) => { readonly link: OriginLink; readonly trace?: Trace | undefined } | undefined,
): Trace {
  const useLink = (use: VariableUse): OriginLink => {
    const span = joinSpans(template?.(use.at, use.at + use.length) ?? []);
    return {
      step: "interpolated",
      variable: use.name,
      ...(span === undefined ? {} : { span }),
      ...(use.found ? {} : { unset: use.blank ? "blank" : "defaulted" }),
    };
  };
  return traceJoined(
    parts.map(({ text, at, length, use, within }) => {
      const own: Trace = (start, end) => {
        const outer = within.map(useLink);
        if (use === undefined) {
          const exact = text.length === length;
          const found = template?.(exact ? at + start : at, exact ? at + end : at + length) ?? [];
          if (!exact) return [{ start, end, links: [...joinedLinks(found), ...outer] }];
          return found.map((piece) => withLinks(shift(piece, -at), outer));
        }
        const links = [useLink(use), ...outer];
        const variable = variableAt(use.name);
        const found = variable?.trace?.(start, end);
        if (found !== undefined) return found.map((piece) => withLinks(piece, links));
        return [{ start, end, links: variable === undefined ? links : [variable.link, ...links] }];
      };
      return { length: text.length, trace: own };
    }),
  );
}

/** From the start of the first to the end of the last, when they stand in one file. */
export function joinSpans(pieces: readonly TracedPiece[]): Span | undefined {
  const first = pieces[0]?.links[0]?.span;
  const last = pieces.at(-1)?.links[0]?.span;
  if (first === undefined || last === undefined || first.file !== last.file) return first;
  return { ...first, end: Math.max(first.end, last.end) };
}

/** The links of the first piece, its span stretched to the end of the last. */
function joinedLinks(pieces: readonly TracedPiece[]): readonly OriginLink[] {
  const [first, ...more] = pieces[0]?.links ?? [];
  const span = joinSpans(pieces);
  return first === undefined || span === undefined ? (pieces[0]?.links ?? []) : [{ ...first, span }, ...more];
}

function shift(piece: TracedPiece, by: number): TracedPiece {
  return { ...piece, start: piece.start + by, end: piece.end + by };
}

function withLinks(piece: TracedPiece, links: readonly OriginLink[]): TracedPiece {
  return { ...piece, links: [...piece.links, ...links] };
}
