import type { Label } from "../../../core/finding.ts";
import type { Look } from "../look.ts";
import { paint, type Style } from "../styles.ts";
import { cutAround, type LineParts } from "./cut-around.ts";
import { hideSecrets } from "./hide-secrets.ts";
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
/** Characters of which that many columns can be made, whatever they are. */
const ENOUGH = 4 * LONGEST_LINE;

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

/**
 * The label's first line, secrets masked, in what is before, under and behind its span. Of each part there is more than fits
 * into a line, but not all of a line of megabytes.
 */
function lineParts({ span }: Label, text: string | undefined): LineParts | undefined {
  if (text === undefined) return undefined;
  const { lines, starts, bytes } = splitText(text);
  const [written, start] = [lines[span.line - 1], starts[span.line - 1]];
  if (written === undefined || start === undefined) return undefined;
  const from = bytes.toString("utf8", start, span.start).length;
  const [covered = ""] = bytes.toString("utf8", span.start, span.end).split("\n", 1);
  const masked = hideSecrets(written);
  const middle = masked.place(from, from + covered.trimEnd().length);
  return {
    head: visible(masked.text.slice(Math.max(0, middle.from - ENOUGH), middle.from)),
    middle: visible(masked.text.slice(middle.from, Math.min(middle.to, middle.from + ENOUGH))),
    tail: visible(masked.text.slice(middle.to, middle.to + ENOUGH)).trimEnd(),
  };
}

/** Tabs as four columns, other control characters as the replacement character. */
function visible(text: string): string {
  return text.replaceAll("\t", "    ").replace(/\p{Cc}/gu, "\uFFFD");
}
