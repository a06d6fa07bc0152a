/** What a variable is worth; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** One variable that an expression read. `at` is the offset of its `$` in the template. */
export interface VariableUse {
  readonly name: string;
  readonly at: number;
  /** Length of the whole expression from its `$`. */
  readonly length: number;
  readonly found: boolean;
  /** True when nothing was set and no default was given: it became blank. */
  readonly blank: boolean;
}

/** A stretch of an interpolated text: from the template, or the value of a variable. */
export interface InterpolatedPart {
  readonly text: string;
  /** The template's characters it was made of. */
  readonly at: number;
  readonly length: number;
  /** The variable whose value it is; absent for text of the template. */
  readonly use?: VariableUse;
  /** Expressions whose default or alternative it stands in, innermost first. */
  readonly within: readonly VariableUse[];
}

export interface InterpolationFault {
  readonly message: string;
  readonly at: number;
  readonly length: number;
  /** The required variable that has no value. */
  readonly variable?: string;
}

export interface Interpolated {
  readonly text: string;
  readonly parts: readonly InterpolatedPart[];
  readonly uses: readonly VariableUse[];
  /** Compose reports the first fault of a value; so does this. */
  readonly fault: InterpolationFault | undefined;
}

const nameHere = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const operatorHere = /:?[-+?]/y;
/** Deeper than anybody nests; each level is a call of our own. */
const maximumDepth = 100;
/** Far longer than Linux lets a variable or an argument be (128 KiB); keeps `A=$A$A` from growing without end. */
const maximumLength = 1024 * 1024;

/**
 * Replaces `$NAME`, `${NAME}`, `${NAME:-default}`, `-`, `:+`, `+`, `:?` and `?`, nested up to 100 levels; `$$` is a
 * literal `$`, and a `$` that starts no name stays. Says what compose-go template/template.go says, with places.
 */
export function interpolateText(template: string, lookup: Lookup): Interpolated {
  const uses: VariableUse[] = [];
  let fault: InterpolationFault | undefined;

  function substitute(from: number, to: number, within: readonly VariableUse[]): InterpolatedPart[] {
    const parts: InterpolatedPart[] = [];
    const keep = (start: number, end: number) => {
      if (end > start) parts.push({ text: template.slice(start, end), at: start, length: end - start, within });
    };
    let kept = from;
    for (let at = template.indexOf("$", from); at !== -1 && at < to; at = template.indexOf("$", at)) {
      const expression = readExpression(template, at, to);
      if (expression === undefined) {
        at++;
        continue;
      }
      keep(kept, at);
      at = kept = expression.end;
      parts.push(...replace(expression, within));
      if (fault !== undefined) return parts;
    }
    keep(kept, to);
    return parts;
  }

  function replace(expression: Expression, within: readonly VariableUse[]): readonly InterpolatedPart[] {
    const { at, end } = expression;
    const length = end - at;
    if (expression.kind === "dollar") return [{ text: "$", at, length, within }];
    if (expression.kind === "invalid") {
      const shown = /^\$\{[^}\n]{0,40}\}?/.exec(template.slice(at, at + 43))?.[0] ?? "${";
      fault = { message: `invalid interpolation ${shown}; a literal $ is written $$`, at, length };
      return [];
    }
    const { name, operation } = expression;
    const value = lookup(name);
    const use = { name, at, length, found: value !== undefined, blank: value === undefined && operation === undefined };
    uses.push(use);
    const own = value === undefined ? [] : [{ text: value, at, length, use, within }];
    if (operation === undefined) return own;
    const { operator } = operation;
    const present = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
    if (operator.endsWith("+") ? !present : present) return own;
    if (within.length >= maximumDepth) {
      fault = { message: `expressions are nested more than ${maximumDepth} levels deep`, at, length };
      return [];
    }
    const operand = substitute(operation.from, operation.to, [use, ...within]);
    if (!operator.endsWith("?")) return operand;
    const reason = operand.map(({ text }) => text).join("");
    fault ??= {
      message: `required variable ${name} is missing a value${reason === "" ? "" : `: ${reason}`}`,
      at,
      length,
      variable: name,
    };
    return [];
  }

  const parts = substitute(0, template.length, []);
  const length = parts.reduce((sum, { text }) => sum + text.length, 0);
  if (length > maximumLength) {
    const message = `variables make a text of ${length} characters of it; more than ${maximumLength} are refused`;
    fault ??= { message, at: uses[0]?.at ?? 0, length: uses[0]?.length ?? 0 };
    return { text: "", parts: [], uses, fault };
  }
  return { text: parts.map(({ text }) => text).join(""), parts, uses, fault };
}

interface Place {
  readonly at: number;
  readonly end: number;
}

type Expression =
  | (Place & { readonly kind: "dollar" })
  | (Place & { readonly kind: "invalid" })
  | (Place & { readonly kind: "variable"; readonly name: string; readonly operation?: Operation });

/** `:-`, `-`, `:+`, `+`, `:?` or `?`, and where its operand stands. */
interface Operation {
  readonly operator: string;
  readonly from: number;
  readonly to: number;
}

/** The expression whose `$` stands at `at`; undefined when the `$` is literal. */
function readExpression(template: string, at: number, to: number): Expression | undefined {
  const next = template[at + 1];
  if (at + 1 >= to) return undefined;
  if (next === "$") return { kind: "dollar", at, end: at + 2 };
  const braced = next === "{";
  const name = matchAt(nameHere, template, at + (braced ? 2 : 1), to);
  if (!braced) return name === undefined ? undefined : { kind: "variable", at, end: at + 1 + name.length, name };
  const invalid = { kind: "invalid", at, end: at + 2 } as const;
  if (name === undefined) return invalid;
  const after = at + 2 + name.length;
  if (after < to && template[after] === "}") return { kind: "variable", at, end: after + 1, name };
  const operator = matchAt(operatorHere, template, after, to);
  if (operator === undefined) return invalid;
  const operand = after + operator.length;
  const close = closingBrace(template, at, operand, to);
  if (close === undefined) return invalid;
  return { kind: "variable", at, end: close + 1, name, operation: { operator, from: operand, to: close } };
}

function matchAt(expression: RegExp, text: string, at: number, to: number): string | undefined {
  expression.lastIndex = at;
  const found = expression.exec(text)?.[0].slice(0, to - at);
  return found === "" ? undefined : found;
}

/** Where an expression ends: the brace that balances it, else the last one of its line, as in Compose. */
function closingBrace(template: string, from: number, operand: number, to: number): number | undefined {
  let depth = 0;
  let last: number | undefined;
  for (let at = from; at < to; at++) {
    const character = template[at];
    if (character === "\n") break;
    if (character === "}") {
      if (at >= operand) last = at;
      if (--depth === 0) return at;
    } else if (character === "{") {
      depth++;
      at++;
      // What follows a brace is not looked at, unless it ends the line.
      if (template[at] === "}" && at < to) last = at;
      if (template[at] === "\n") break;
    }
  }
  return last;
}
