import { renderSpan, type Span } from "../core/span.ts";
import { ToolError } from "../core/tool-error.ts";
import type { BlankUse, ComposeFault, ComposeMessage, ComposeWarning, FaultFact, Hidden } from "./compose-fault.ts";
import { hiddenAt } from "./gather-hidden.ts";

/** Collects what is wrong and what is worth a warning while a project loads. */
export interface Faults {
  readonly faults: ComposeFault[];
  /** What Compose understands and Bulkhead does not. */
  readonly unsupported: ComposeFault[];
  readonly warnings: ComposeWarning[];
  /** What was said already and where, with its place in its list. */
  readonly said: Map<string, number>;
  /** The uses that the warning of each blank variable tells. */
  readonly blanks: Map<string, BlankUse[]>;
  /** Services by the services that are built on them: what is unknown of the one is unknown of the other. */
  readonly bases: Map<string, Set<string>>;
  /** How much of the limits in limits.ts is used. */
  readonly spent: Map<string, number>;
}

/** What a fault may say beyond its message and place. */
type More = (FaultFact | { readonly kind?: never; readonly data?: never }) & {
  readonly hint?: string;
  readonly hides?: readonly Hidden[];
};

export function createFaults(): Faults {
  return {
    faults: [],
    unsupported: [],
    warnings: [],
    said: new Map(),
    blanks: new Map(),
    bases: new Map(),
    spent: new Map(),
  };
}

/**
 * Adds a fault. One that already stands at the same place only gains what else it hides. A fault whose facts have a
 * `path` left that value out, and hides what stood there.
 */
export function addFault(faults: Faults, message: string, span?: Span, more: More = {}): void {
  add(faults.faults, faults.said, "fault", message, span, more);
}

/** Adds something that Compose understands and Bulkhead does not. */
export function addUnsupported(faults: Faults, message: string, span?: Span, more: More = {}): void {
  add(faults.unsupported, faults.said, "unsupported", message, span, more);
}

function add(
  list: ComposeFault[],
  said: Map<string, number>,
  what: string,
  message: string,
  span: Span | undefined,
  more: More,
): void {
  const { hint, ...fact } = more;
  const hides = more.hides ?? hiddenBy(more);
  const key = keyOf(what, message, span);
  const at = said.get(key);
  const known = at === undefined ? undefined : list[at];
  if (at !== undefined && known !== undefined) {
    if (hides.length > 0) list[at] = { ...known, hides: [...(known.hides ?? []), ...hides] };
    return;
  }
  said.set(key, list.length);
  list.push({
    ...messageOf(message, span, hint),
    ...(fact.kind === undefined ? { kind: "other", data: {} } : fact),
    ...(hides.length === 0 ? {} : { hides }),
  });
}

/** Adds a warning of no special kind, or that the file's `version` is obsolete. */
export function addWarning(
  faults: Faults,
  message: string,
  span?: Span,
  more: { readonly hint?: string; readonly kind?: "obsolete-version"; readonly file?: string } = {},
): void {
  const key = keyOf("warning", message, span);
  if (faults.said.has(key)) return;
  faults.said.set(key, faults.warnings.length);
  const { hint, kind, file = "" } = more;
  faults.warnings.push({
    ...messageOf(message, span, hint),
    ...(kind === undefined ? { kind: "other", data: {} } : { kind, data: { file } }),
  });
}

/** Adds that an unset variable became blank, to the variable's own warning when it has one. */
export function addBlankVariable(faults: Faults, variable: string, use: BlankUse, hint: string): void {
  const place = keyOf("blank", `${variable}\n${use.path?.join("\n") ?? ""}`, use.span);
  if (faults.said.has(place)) return;
  faults.said.set(place, faults.warnings.length);
  const known = faults.blanks.get(variable);
  if (known !== undefined) {
    known.push(use);
    return;
  }
  const uses = [use];
  faults.blanks.set(variable, uses);
  faults.warnings.push({
    ...messageOf(`the variable ${variable} is not set; it becomes a blank string`, use.span, hint),
    kind: "blank-variable",
    data: { variable, uses },
  });
}

/** What leaving a value out hides, for facts that have the path of one. */
function hiddenBy({ kind, data }: More): readonly Hidden[] {
  switch (kind) {
    case "schema":
    case "interpolation":
    case "port-invalid":
    case "other":
      return data.path === undefined ? [] : hiddenAt(data.path);
    default:
      return [];
  }
}

function keyOf(what: string, message: string, span: Span | undefined): string {
  return `${what}\n${span?.file ?? ""}\n${span?.start ?? ""}\n${message}`;
}

function messageOf(message: string, span: Span | undefined, hint: string | undefined): ComposeMessage {
  return { message, ...(span === undefined ? {} : { span }), ...(hint === undefined ? {} : { hint }) };
}

/** One message as `file:line:column: what`. */
export function renderMessage(message: ComposeMessage): string {
  return message.span === undefined ? message.message : `${renderSpan(message.span)}: ${message.message}`;
}

/** All that was collected, by place. */
export function sortFaults(collected: Faults): readonly ComposeFault[] {
  return [...collected.faults, ...collected.unsupported].toSorted(compareMessages);
}

/** What keeps a project from loading as one error: COMPOSE_INVALID, or COMPOSE_UNSUPPORTED when Compose would go on. */
export function faultsError(faults: readonly ComposeFault[]): ToolError {
  const invalid = faults.some(({ kind }) => kind !== "remote");
  return new ToolError(invalid ? "COMPOSE_INVALID" : "COMPOSE_UNSUPPORTED", faults.map(renderMessage).join("\n"), {
    hint:
      faults.find((fault) => fault.hint !== undefined)?.hint ??
      (invalid ? "correct the lines above and run the command again" : "remove or rewrite the lines above"),
    detail: { faults },
  });
}

function compareMessages(left: ComposeMessage, right: ComposeMessage): number {
  const leftFile = left.span?.file ?? "";
  const rightFile = right.span?.file ?? "";
  if (leftFile !== rightFile) return leftFile < rightFile ? -1 : 1;
  return (left.span?.start ?? 0) - (right.span?.start ?? 0);
}
