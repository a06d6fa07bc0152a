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

export interface InterpolationFault {
  readonly message: string;
  readonly at: number;
  readonly length: number;
  /** The required variable that has no value. */
  readonly variable?: string;
}

export interface Interpolated {
  readonly text: string;
  readonly uses: readonly VariableUse[];
  /** Compose reports the first fault of a value; so does this. */
  readonly fault: InterpolationFault | undefined;
}

const name = "[_a-zA-Z][_a-zA-Z0-9]*";
const expression = new RegExp(`\\$(?:(\\$)|(${name})|\\{(?:(${name}(?::?[-+?][^\\n]*)?)\\}|()))`, "g");
const operators = [":?", "?", ":-", "-", ":+", "+"] as const;
type Operator = (typeof operators)[number];

/**
 * Replaces `$NAME`, `${NAME}`, `${NAME:-default}`, `-`, `:+`, `+`, `:?` and `?`, nested to any depth; `$$` is a
 * literal `$`, and a `$` that starts no name stays. Port of compose-go template/template.go, with places.
 */
export function interpolateText(template: string, lookup: Lookup): Interpolated {
  const uses: VariableUse[] = [];
  let fault: InterpolationFault | undefined;

  function substitute(text: string, base: number): string {
    return text.replace(expression, (match: string, ...rest: unknown[]) => {
      const offset = rest.find((value): value is number => typeof value === "number") ?? 0;
      return replace(match, base + offset);
    });
  }

  function replace(match: string, at: number): string {
    if (fault !== undefined) return match;
    const close = closingBrace(match);
    const whole = close === -1 ? match : match.slice(0, close + 1);
    const tail = close === -1 ? "" : match.slice(close + 1);
    expression.lastIndex = 0;
    const groups = new RegExp(expression.source).exec(whole);
    if (groups?.[1] !== undefined) return "$";
    const named = groups?.[2];
    const braced = groups?.[3];
    if (named === undefined && braced === undefined) {
      fault = {
        message: `invalid interpolation ${whole.length > 2 ? whole : (/^\$\{[^}\n]{0,40}\}?/.exec(template.slice(at))?.[0] ?? whole)}; a literal $ is written $$`,
        at,
        length: Math.max(2, whole.length),
      };
      return "";
    }
    if (braced === undefined) return plain(named ?? "", at, whole.length);
    const operator = firstOperator(match);
    const value =
      operator !== undefined && braced.includes(operator)
        ? apply(operator, braced, at, whole.length)
        : plain(braced, at, whole.length);
    return value + substitute(tail, at + whole.length);
  }

  function plain(variable: string, at: number, length: number): string {
    const value = lookup(variable);
    uses.push({ name: variable, at, length, found: value !== undefined, blank: value === undefined });
    return value ?? "";
  }

  function apply(operator: Operator, braced: string, at: number, length: number): string {
    const split = braced.indexOf(operator);
    const variable = braced.slice(0, split);
    const operandAt = at + 2 + split + operator.length;
    const operand = braced.slice(split + operator.length);
    const value = lookup(variable);
    uses.push({ name: variable, at, length, found: value !== undefined, blank: false });
    const present = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
    switch (operator) {
      case ":-":
      case "-":
        return present ? (value ?? "") : substitute(operand, operandAt);
      case ":+":
      case "+":
        return present ? substitute(operand, operandAt) : (value ?? "");
      case ":?":
      case "?": {
        if (present) return value ?? "";
        const reason = substitute(operand, operandAt);
        fault ??= {
          message: `required variable ${variable} is missing a value${reason === "" ? "" : `: ${reason}`}`,
          at,
          length,
          variable,
        };
        return "";
      }
      default:
        return operator satisfies never;
    }
  }

  const text = substitute(template, 0);
  return { text, uses, fault };
}

/** The operator that comes first in the matched text decides, as in Compose. */
function firstOperator(text: string): Operator | undefined {
  let best: Operator | undefined;
  let bestAt = Number.POSITIVE_INFINITY;
  for (const operator of operators) {
    const at = text.indexOf(operator);
    if (at !== -1 && at < bestAt) {
      best = operator;
      bestAt = at;
    }
  }
  return best;
}

function closingBrace(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "}" && --depth === 0) return at;
    if (text[at] === "{") {
      depth++;
      at++;
    }
  }
  return -1;
}
