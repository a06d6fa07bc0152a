import type { ShellPiece } from "./parse-shell.ts";
import {
  joinTraced,
  replaceCharacter,
  sliceTraced,
  traceComputed,
  traceUnset,
  type TracedText,
} from "./traced-text.ts";

/** What a shell knows while it expands words. */
export interface ShellScope {
  /** The script that the pieces' indices count in. */
  readonly script: TracedText;
  readonly variables: ReadonlyMap<string, TracedText>;
  /** `$1`, `$2`, ...; all of them for `$@`. */
  readonly positional: readonly TracedText[];
  /** What `$(command)` prints, where that can be told. */
  readonly substitute?: (command: string) => TracedText | undefined;
  /** What an unset variable gives; nothing when absent. */
  readonly unset?: (name: string, expression: string) => TracedText;
}

/**
 * The words that one word of a script becomes: quotes gone, variables in, split at the blanks of unquoted values, as a
 * POSIX shell does. Globs stay as written; what cannot be told stays as it is, marked `computed`. Assignments are not
 * split: `isAssignment`.
 */
export function expandWord(
  pieces: readonly ShellPiece[],
  scope: ShellScope,
  isAssignment = false,
): readonly TracedText[] {
  const words: TracedText[][] = [[]];
  for (const piece of pieces) {
    const written = sliceTraced(scope.script, piece.start, piece.end);
    if (piece.kind === "literal") {
      words.at(-1)?.push(written);
      continue;
    }
    for (const part of splitExpansions(piece.text)) {
      if (part.expression === undefined) {
        words.at(-1)?.push(sliceTraced(written, part.start, part.end));
      } else if (/^\$[@*]$|^\$\{[@*]\}$/.test(part.expression)) {
        for (const [index, value] of scope.positional.entries()) {
          if (index > 0) words.push([]);
          words.at(-1)?.push(value);
        }
      } else if (/^\$\{\w+\[[@*]\]\}$/.test(part.expression)) {
        // An array is kept as its items with blanks between.
        addSplit(words, scope.variables.get(part.expression.slice(2, -4)) ?? traceUnset(part.expression.slice(2, -4)));
      } else {
        const value = expandExpression(part.expression, scope);
        if (piece.kind === "quoted" || isAssignment) words.at(-1)?.push(value);
        else addSplit(words, value);
      }
    }
  }
  const joined = words.map(joinTraced);
  // An unquoted variable that is blank leaves no word at all.
  const isBare = pieces.length > 0 && pieces.every((one) => one.kind === "bare");
  return isBare && !isAssignment ? joined.filter(({ text }) => text !== "") : joined;
}

/** The text a here-document or an assignment's value becomes: expanded, never split. */
export function expandText(pieces: readonly ShellPiece[], scope: ShellScope): TracedText {
  return joinTraced(
    expandWord(
      pieces.map((piece) => (piece.kind === "bare" ? { ...piece, kind: "quoted" } : piece)),
      scope,
      true,
    ),
  );
}

interface ExpansionPart {
  readonly start: number;
  readonly end: number;
  /** `$X`, `${X:-d}`, `$(...)`; undefined: plain text. */
  readonly expression: string | undefined;
}

function splitExpansions(text: string): readonly ExpansionPart[] {
  const parts: ExpansionPart[] = [];
  const closers = text.includes("$") ? matchBrackets(text) : new Map<number, number>();
  let plain = 0;
  let at = 0;
  while (at < text.length) {
    const end = text[at] === "$" || text[at] === "`" ? expressionEnd(text, at, closers) : undefined;
    if (end === undefined) {
      at += 1;
      continue;
    }
    if (at > plain) parts.push({ start: plain, end: at, expression: undefined });
    parts.push({ start: at, end, expression: text.slice(at, end) });
    at = end;
    plain = at;
  }
  if (plain < text.length) parts.push({ start: plain, end: text.length, expression: undefined });
  return parts;
}

function expressionEnd(text: string, start: number, closers: ReadonlyMap<number, number>): number | undefined {
  const name = /^\$(?:[A-Za-z_]\w*|[0-9@*#?!$-])/.exec(text.slice(start, start + 256));
  if (name !== null) return start + name[0].length;
  if (text[start] === "`") {
    const close = text.indexOf("`", start + 1);
    return close < 0 ? undefined : close + 1;
  }
  const close = closers.get(start + 1);
  return close === undefined ? undefined : close + 1;
}

/** Each opening bracket with the place of the one that closes it; one pass, however deep they nest. */
function matchBrackets(text: string): ReadonlyMap<number, number> {
  const closers = new Map<number, number>();
  const open: Readonly<Record<string, number[]>> = { ")": [], "}": [] };
  for (const { 0: bracket, index } of text.matchAll(/[(){}]/g)) {
    if (bracket === "(" || bracket === "{") open[bracket === "(" ? ")" : "}"]?.push(index);
    else {
      const start = open[bracket]?.pop();
      if (start !== undefined) closers.set(start, index);
    }
  }
  return closers;
}

function expandExpression(expression: string, scope: ShellScope): TracedText {
  const command = /^\$\((.*)\)$/s.exec(expression)?.[1] ?? /^`(.*)`$/s.exec(expression)?.[1];
  if (command !== undefined) {
    return scope.substitute?.(command.trim()) ?? traceComputed(expression, `only the container can run ${expression}`);
  }
  const replaced = /^\$\{(\w+)\/\/(.)\/(.?)\}$/s.exec(expression);
  if (replaced !== null) {
    const value = scope.variables.get(replaced[1] ?? "") ?? traceUnset(replaced[1] ?? "");
    return replaceCharacter(value, replaced[2] ?? "", replaced[3] ?? "");
  }
  const match = /^\$(?:(\w+|[#?!$-])|\{(\w+)\}|\{(\w+)(:?[-=+?])(.*)\})$/s.exec(expression);
  const name = match?.[1] ?? match?.[2] ?? match?.[3];
  if (name === undefined || /^[#?!$-]$/.test(name)) return traceComputed(expression, `${expression} is not evaluated`);
  const value = /^\d+$/.test(name) ? scope.positional[Number(name) - 1] : scope.variables.get(name);
  const operator = match?.[4];
  if (operator === undefined) return value ?? scope.unset?.(name, expression) ?? traceUnset(name);
  const isMissing = value === undefined || (operator.startsWith(":") && value.text === "");
  const wantsFallback = operator.endsWith("+") ? !isMissing : isMissing;
  if (!wantsFallback) return operator.endsWith("+") ? traceUnset(name) : (value ?? traceUnset(name));
  if (operator.endsWith("?")) return traceUnset(name);
  return expandFallback(match?.[5] ?? "", scope);
}

/** The word after `:-`; its own variables are put in, its place in the script is not followed. */
function expandFallback(text: string, scope: ShellScope): TracedText {
  const unquoted = text.replace(/^(["'])(.*)\1$/s, "$2");
  const parts = splitExpansions(unquoted).map((part) =>
    part.expression === undefined
      ? findInScript(unquoted.slice(part.start, part.end), scope.script)
      : expandExpression(part.expression, scope),
  );
  return joinTraced(parts);
}

function findInScript(text: string, script: TracedText): TracedText {
  const at = script.text.indexOf(text);
  return at < 0 ? traceComputed(text, "not found in its script") : sliceTraced(script, at, at + text.length);
}

function addSplit(words: TracedText[][], value: TracedText): void {
  let end = 0;
  for (const match of value.text.matchAll(/[ \t\n]+/g)) {
    words.at(-1)?.push(sliceTraced(value, end, match.index));
    words.push([]);
    end = match.index + match[0].length;
  }
  words.at(-1)?.push(sliceTraced(value, end, value.text.length));
}
