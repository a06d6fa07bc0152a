import type { Label } from "../../../core/finding.ts";
import { findSecrets } from "../../../core/find-secrets.ts";
import type { Look } from "../look.ts";
import { paint, type Style } from "../styles.ts";
import { cutAround, type LineParts } from "./cut-around.ts";
import { splitText } from "./split-text.ts";

/** What frames are made of besides the labels. */
export interface FrameFacts {
  /** File texts by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** How a path is shown. */
  readonly place: (file: string) => string;
  /** Of the primary label. */
  readonly style: Style;
  readonly look: Look;
}

/** Columns of a source line at most, in a file or a pipe too: of JSON in one line, nobody reads all at each finding. */
const LONGEST_LINE = 400;

/**
 * Source lines with what each label says under its span. A file's path stands above its first line, a line shown twice in
 * a row stands once. Secrets are shown as `***`.
 */
export function renderFrames(labels: readonly Label[], { texts, place, style, look }: FrameFacts): string[] {
  const bar = look.unicode ? "│" : "|";
  const gutter = " ".repeat(Math.max(...labels.map(({ span }) => String(span.line).length)));
  const dim = (text: string) => paint(look, "dim", text);
  return labels.flatMap((label, at) => {
    const { span } = label;
    const before = labels[at - 1]?.span;
    const header =
      before?.file === span.file
        ? []
        : [`${gutter}${dim(look.unicode ? " ╭─" : "-->")} ${place(span.file)}:${span.line}:${span.column}`];
    // Lines between two places that are not shown.
    const gap =
      before?.file === span.file && Math.abs(before.line - span.line) > 1
        ? [`${gutter} ${dim(look.unicode ? "⋮" : ":")}`]
        : [];
    const parts = lineParts(label, texts.get(span.file));
    if (parts === undefined) return [...header, `${gutter} ${dim(bar)} ${label.text}`];
    const shown = cutAround(parts, Math.min(LONGEST_LINE, look.width - gutter.length - 4), look.unicode ? "…" : "~");
    const source =
      before?.file === span.file && before.line === span.line
        ? []
        : [`${dim(`${String(span.line).padStart(gutter.length)} ${bar}`)} ${shown.text}`];
    const underline = `${(at === 0 ? "^" : "-").repeat(Math.max(1, shown.width))} ${label.text}`;
    const mark = `${gutter} ${dim(bar)} ${" ".repeat(shown.column)}${paint(look, at === 0 ? style : "cyan", underline)}`;
    return [...header, ...gap, ...source, mark];
  });
}

/** The label's first line, secrets masked, in what is before, under and behind its span. */
function lineParts({ span }: Label, text: string | undefined): LineParts | undefined {
  const line = text === undefined ? undefined : splitText(text).lines[span.line - 1];
  const written = line?.replace(/\r$/, "").replace(/^\uFEFF/, "");
  if (written === undefined) return undefined;
  const before = Array.from(written)
    .slice(0, span.column - 1)
    .join("");
  const from = before.length;
  const covered = Buffer.from(written.slice(from), "utf8")
    .subarray(0, span.end - span.start)
    .toString("utf8");
  const masked = mask(written, from, from + covered.trimEnd().length);
  return {
    head: visible(masked.line.slice(0, masked.from)),
    middle: visible(masked.line.slice(masked.from, masked.to)),
    tail: visible(masked.line.slice(masked.to)).trimEnd(),
  };
}

function mask(line: string, from: number, to: number): { line: string; from: number; to: number } {
  const hidden = "***";
  return findSecrets(line)
    .toReversed()
    .reduce(
      (result, { start, end }) => {
        const move = (offset: number, inside: number) =>
          offset >= end ? offset + hidden.length - (end - start) : offset > start ? inside : offset;
        return {
          line: result.line.slice(0, start) + hidden + result.line.slice(end),
          from: move(result.from, start),
          to: move(result.to, start + hidden.length),
        };
      },
      { line, from, to },
    );
}

/** Tabs as four columns, other control characters as the replacement character. */
function visible(text: string): string {
  return text.replaceAll("\t", "    ").replace(/\p{Cc}/gu, "\uFFFD");
}
