import type { OriginIndex, Project, TextPiece } from "../compose/project.ts";
import type { SourceText } from "../compose/source-text.ts";
import type { OriginLink } from "../core/origin.ts";
import type { TextEdit } from "../core/fix.ts";
import type { Span } from "../core/span.ts";
import { encodeDotenvSlice, encodeRawEnvSlice } from "./encode-dotenv-slice.ts";
import { encodeYamlSlice } from "./encode-yaml-slice.ts";
import type { ProjectTexts } from "./project-texts.ts";

type Path = readonly (string | number)[];

/** A part of an effective text, UTF-16. */
interface Range {
  readonly start: number;
  readonly end: number;
}

interface Input {
  readonly project: Project;
  readonly texts: ProjectTexts;
}

/** What is to be replaced: bytes of one file, and what kind of file it is. */
interface Written {
  readonly span: Span;
  readonly step: OriginLink["step"];
}

/** Replaces a part of an effective text where it is written; see EditKit.replaceSlice. */
export function replaceSlice(
  input: Input,
  path: Path,
  range: Range,
  text: string,
  as: "text" | "interpolated",
): readonly TextEdit[] | undefined {
  const edits = replaceRange(input, path, range, text, as);
  if (edits !== undefined || as === "interpolated") return edits;
  const before = effectiveText(input.project, path);
  // One place may stand for the whole text without showing its characters, as the number 0x10 does for 16.
  if (input.project.origins.slice(path, 0, before.length).length === 1) {
    const whole = before.slice(0, range.start) + text + before.slice(range.end);
    return replaceRange(input, path, { start: 0, end: before.length }, whole, as);
  }
  // Several places may have written the range and only one of them what changes in it.
  const changed = trimEqual(before.slice(range.start, range.end), text);
  const inner = { start: range.start + changed.start, end: range.start + changed.end };
  return replaceRange(input, path, inner, changed.text, as);
}

/** What differs between two texts: the range of the first and what stands there in the second. */
function trimEqual(before: string, text: string): Range & { readonly text: string } {
  let start = 0;
  while (start < before.length && before[start] === text[start]) start++;
  let behind = 0;
  const most = Math.min(before.length, text.length) - start;
  while (behind < most && before[before.length - 1 - behind] === text[text.length - 1 - behind]) behind++;
  return { start, end: before.length - behind, text: text.slice(start, text.length - behind) };
}

function effectiveText(project: Project, [section = "", ...path]: Path): string {
  const model = project as unknown as Readonly<Record<string | number, unknown>>;
  const isDisabled = section === "services" && !Object.hasOwn(project.services, String(path[0]));
  let value: unknown = isDisabled ? project.disabledServices : model[section];
  for (const key of path) value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[key];
  return typeof value === "string" ? value : "";
}

function replaceRange(
  { project, texts }: Input,
  path: Path,
  range: Range,
  text: string,
  as: "text" | "interpolated",
): readonly TextEdit[] | undefined {
  const place = locate(project.origins, path, range, as);
  const written = place === undefined ? undefined : joinWritten(place, texts);
  if (written === undefined) return undefined;
  const source = texts.source(written.span.file);
  if (source === undefined) return undefined;
  const from = textOffset(source, written.span.start);
  const to = textOffset(source, written.span.end);
  if (written.step === "dotenv" || written.step === "env-file") {
    const encode = isRaw(project, path, written) ? encodeRawEnvSlice : encodeDotenvSlice;
    return wrap(encode(source, from, to, text));
  }
  const document = texts.documents(source.file).find(({ root }) => {
    const [start, , end] = root.range ?? [0, 0, 0];
    return start <= from && to <= end;
  });
  if (document === undefined) return undefined;
  const isCommand = path[0] === "services" && (path[2] === "command" || path[2] === "entrypoint");
  return wrap(encodeYamlSlice(document, { from, to, text, isCommand, keepsVariables: as === "interpolated" }));
}

function wrap(edit: TextEdit | undefined): readonly TextEdit[] | undefined {
  return edit === undefined ? undefined : [edit];
}

/**
 * The one place that wrote a range. Where several did (text around `${HOST}`), or where an interpolation is to be written,
 * the expressions themselves count as text, if all that came out of them is in the range.
 */
function locate(
  origins: OriginIndex,
  path: Path,
  range: Range,
  as: "text" | "interpolated",
): readonly (Written | undefined)[] | undefined {
  if (range.start === range.end) return [locateGap(origins, path, range.start)];
  const pieces = origins.slice(path, range.start, range.end);
  const edges = [
    ...(range.start === 0 ? [] : origins.slice(path, range.start - 1, range.start)),
    ...origins.slice(path, range.end, range.end + 1),
  ];
  const isOnePlace = new Set(pieces.map(({ origin }) => JSON.stringify(origin.chain.slice(1)))).size === 1;
  const fromVariable = pieces.some((piece) => expressionOf(piece) !== undefined);
  const nearest = ({ origin }: TextPiece) => written(origin.chain[0]);
  const outermost = (piece: TextPiece) => expressionOf(piece) ?? nearest(piece);
  const placeOf = isOnePlace && !(as === "interpolated" && fromVariable) ? nearest : outermost;
  const places = pieces.map(placeOf);
  const isCut = edges.map(placeOf).some((edge) => places.some((place) => doOverlap(place?.span, edge?.span)));
  return isCut ? undefined : places;
}

/** Between two characters: behind the one before, else before the one behind. */
function locateGap(origins: OriginIndex, path: Path, at: number): Written | undefined {
  const before = at > 0 ? written(origins.slice(path, at - 1, at)[0]?.origin.chain[0]) : undefined;
  if (before !== undefined) return { ...before, span: { ...before.span, start: before.span.end } };
  const behind = written(origins.slice(path, at, at + 1)[0]?.origin.chain[0]);
  return behind === undefined ? undefined : { ...behind, span: { ...behind.span, end: behind.span.start } };
}

function written(link: OriginLink | undefined): Written | undefined {
  return link?.span === undefined ? undefined : { span: link.span, step: link.step };
}

/** The outermost `${NAME}` that a piece came out of. */
function expressionOf({ origin }: TextPiece): Written | undefined {
  return written(origin.chain.findLast(({ step }) => step === "interpolated"));
}

/** Places one behind the other as one; only what YAML itself puts between lines may stand between them. */
function joinWritten(places: readonly (Written | undefined)[], texts: ProjectTexts): Written | undefined {
  let joined: Written | undefined;
  for (const place of places) {
    if (place === undefined) return undefined;
    if (joined === undefined || isSame(joined.span, place.span)) {
      joined = place;
      continue;
    }
    if (joined.span.file !== place.span.file || joined.span.end > place.span.start) return undefined;
    const before = Buffer.from(texts.source(place.span.file)?.text ?? "", "utf8").subarray(joined.span.start);
    const gap = before.subarray(joined.span.end - joined.span.start, place.span.start - joined.span.start).toString();
    const followsBreak = before[joined.span.end - joined.span.start - 1] === 0x0a;
    if (gap !== "" && !(followsBreak && /^ +$/.test(gap)) && !/^\\\r?\n[ \t]*$/.test(gap)) return undefined;
    joined = { ...joined, span: { ...joined.span, end: place.span.end } };
  }
  return joined;
}

function doOverlap(left: Span | undefined, right: Span | undefined): boolean {
  return left !== undefined && left.file === right?.file && left.start < right.end && right.start < left.end;
}

function isSame(left: Span, right: Span): boolean {
  return left.file === right.file && left.start === right.start && left.end === right.end;
}

/** The UTF-16 offset of a byte offset. */
function textOffset(source: SourceText, byte: number): number {
  return Buffer.from(source.text, "utf8").subarray(0, byte).toString("utf8").length;
}

function isRaw({ services, disabledServices }: Project, path: Path, { span, step }: Written): boolean {
  const service = step === "env-file" ? (services[String(path[1])] ?? disabledServices[String(path[1])]) : undefined;
  return service?.env_file?.some((file) => file.path === span.file && file.format === "raw") ?? false;
}
