import type { TextRange } from "../core/find-secrets.ts";
import { maskRanges, secretsOfValue } from "../core/mask-secrets.ts";
import type { Origin, OriginLink } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import type { FoundValue } from "./find-value.ts";
import type { Project, TextPiece } from "./project.ts";

/** Everything that made one effective value what it is. */
export interface ValueLife {
  readonly path: FoundValue["path"];
  /** The value with secrets as `***`: a text, number, boolean or null; undefined for a list or mapping. */
  readonly value: string | number | bigint | boolean | null | undefined;
  /** The key in the file that decided; undefined where no file holds one. */
  readonly key: Span | undefined;
  /** From the place that decided to the texts it was built from. */
  readonly steps: readonly OriginLink[];
  /** Places that said something else and lost, the last to lose first. */
  readonly replaced: readonly OriginLink[];
  /** A text that several places wrote together: its parts in order, secrets as `***`. */
  readonly parts: readonly { readonly text: string; readonly steps: readonly OriginLink[] }[];
  /** What a list or mapping holds. */
  readonly children: readonly ChildValue[];
  /** Places in files that hold a secret though they may not look like it. */
  readonly secrets: readonly SecretPlace[];
}

/** `all` of a place is secret, or the value of its assignment, or the operand of its `${NAME:-operand}`. */
export interface SecretPlace {
  readonly span: Span;
  readonly part: "all" | "value" | "operand";
}

export interface ChildValue {
  readonly path: FoundValue["path"];
  /** As in ValueLife; undefined for a list or mapping. */
  readonly value: ValueLife["value"];
  /** What decided it. */
  readonly step: OriginLink | undefined;
}

/** The life of one effective value: what wrote it, through which steps, and what lost against it. */
export function lifeOfValue(project: Project, { path, value }: FoundValue): ValueLife {
  const { origins } = project;
  const origin = origins.at(path);
  const isText = typeof value === "string";
  const hidden = isText ? secretsOfValue(nameOf(path), value) : [];
  const pieces = isText ? origins.slice(path, 0, value.length) : [];
  return {
    path,
    value: shownValue(path, value),
    key: origins.keyAt(path),
    steps: origin?.chain ?? [],
    replaced: losersOf(origin),
    parts: isText && pieces.length > 1 ? pieces.map((piece) => partOf(piece, value, hidden)) : [],
    children: childrenOf(project, path, value),
    secrets: secretPlaces(project, path, value),
  };
}

function secretPlaces(project: Project, path: FoundValue["path"], value: unknown): readonly SecretPlace[] {
  if (typeof value !== "string") {
    return childValues(path, value).flatMap((child) => secretPlaces(project, child.path, child.value));
  }
  const { origins } = project;
  const origin = origins.at(path);
  const hidden = secretsOfValue(nameOf(path), value);
  const chains = hidden.flatMap(({ start, end }) => origins.slice(path, start, end)).map((piece) => piece.origin.chain);
  const exact = chains.flatMap((chain) => placed(chain.slice(0, 1), "all"));
  const operands = chains.flatMap((chain) =>
    placed(
      chain.filter(({ step }) => step === "interpolated"),
      "operand",
    ),
  );
  // Who lost against a secret is one too.
  const secretVariables = new Set(chains.flatMap((chain) => chain.flatMap(({ variable }) => variable ?? [])));
  const beaten = (origin?.chain ?? [])
    .filter(({ variable }) => variable !== undefined && secretVariables.has(variable))
    .flatMap((link) => placed(link.beaten ?? [], "value"));
  const isWhole = hidden[0]?.start === 0 && hidden[0].end === value.length;
  const losers = isWhole ? losersOf(origin).flatMap((link) => placed([link], "value")) : [];
  return [...exact, ...operands, ...beaten, ...losers];
}

function placed(links: readonly OriginLink[], part: SecretPlace["part"]): readonly SecretPlace[] {
  return links.flatMap(({ span }) => (span === undefined ? [] : [{ span, part }]));
}

/** The name that says what a value is: the last key that is no index. */
function nameOf(path: FoundValue["path"]): string {
  return String(path.findLast((key) => typeof key === "string"));
}

function shownValue(path: FoundValue["path"], value: unknown): ValueLife["value"] {
  if (typeof value === "string") return maskRanges(value, secretsOfValue(nameOf(path), value));
  if (typeof value === "object" && value !== null) return undefined;
  return value as ValueLife["value"];
}

function partOf(piece: TextPiece, value: string, hidden: readonly TextRange[]) {
  const cuts = hidden
    .map(({ start, end }) => ({ start: Math.max(start, piece.start), end: Math.min(end, piece.end) }))
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) => ({ start: start - piece.start, end: end - piece.start }));
  return { text: maskRanges(value.slice(piece.start, piece.end), cuts), steps: piece.origin.chain };
}

/** The link that wrote a value, behind those that only led to it. */
function writer(chain: readonly OriginLink[]): OriginLink | undefined {
  return chain.find(({ step }) => step !== "merge-key" && step !== "anchor" && step !== "extends") ?? chain[0];
}

function losersOf(origin: Origin | undefined): readonly OriginLink[] {
  const losers = (origin?.losers ?? []).flatMap(({ chain }) => writer(chain) ?? []);
  const beaten = (origin?.chain ?? []).flatMap((link) => link.beaten ?? []);
  const seen = new Set<string>();
  return [...losers, ...beaten].filter(({ step, span, variable }) => {
    const key = `${step} ${span?.file} ${span?.start} ${variable}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function childrenOf(project: Project, path: FoundValue["path"], value: unknown): readonly ChildValue[] {
  return childValues(path, value).map((child) => ({
    path: child.path,
    value: shownValue(child.path, child.value),
    step: project.origins.at(child.path)?.chain[0],
  }));
}

function childValues(path: FoundValue["path"], value: unknown): readonly FoundValue[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, item]) => ({
    path: [...path, Array.isArray(value) ? Number(key) : key],
    value: item,
  }));
}
