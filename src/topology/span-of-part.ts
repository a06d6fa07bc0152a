import type { Project } from "../compose/project.ts";
import type { Span } from "../core/span.ts";
import type { UrlPart } from "./parse-database-url.ts";
import type { WrittenAddress } from "./topology.ts";
import { sliceTraced, type TextPlace, type TracedText } from "./traced-text.ts";

/** A part of an address, or one item of its query by name. */
export type AddressPart = UrlPart | { readonly query: string };

/**
 * Where a part of an address is written: one span for each place it is put together from, in order (a password may come
 * from `.env`, its `:` from the Compose file). Falls back to the whole text's spans where the part is not written; empty
 * when nothing of it stands in a file.
 */
export function spansOfPart(project: Project, address: WrittenAddress, part: AddressPart): readonly Span[] {
  const place =
    typeof part === "string"
      ? address.url?.spans[part]
      : address.url?.queryItems.findLast((item) => item.name === part.query)?.span;
  const spans = place === undefined ? [] : spansOfText(project, sliceTraced(address.text, ...place));
  return spans.length > 0 ? spans : spansOfText(project, address.text);
}

/** The first of `spansOfPart`. */
export function spanOfPart(project: Project, address: WrittenAddress, part: AddressPart): Span | undefined {
  return spansOfPart(project, address, part)[0];
}

/** The places in files where a traced text is written, in order; none for what an image brings or the shell's own. */
export function spansOfText(project: Project, text: TracedText): readonly Span[] {
  const spans: Span[] = [];
  for (const { place } of text.pieces) {
    for (const span of spansOfPlace(project, place)) {
      const last = spans.at(-1);
      const isNext = last?.file === span.file && last.end === span.start;
      if (last !== undefined && isNext) spans[spans.length - 1] = { ...last, end: span.end };
      else if (!spans.some((one) => one.file === span.file && one.start === span.start && one.end === span.end))
        spans.push(span);
    }
  }
  return spans;
}

function spansOfPlace(project: Project, place: TextPlace): readonly Span[] {
  if (place.kind === "file") return [place.source.span(place.start, place.end)];
  if (place.kind !== "value") return [];
  const pieces = project.origins.slice(place.path, place.start, place.end);
  const spans = pieces.flatMap(({ origin }) => origin.chain[0]?.span ?? []);
  if (pieces.length > 0) return spans;
  const whole = project.origins.at(place.path)?.chain.find((link) => link.span !== undefined)?.span;
  return whole === undefined ? [] : [whole];
}
