import { expandText, expandWord, type ShellScope } from "./expand-word.ts";
import { findRedirection } from "./find-redirection.ts";
import { cutPieces } from "./cut-pieces.ts";
import type { ParsedWord } from "./parse-shell.ts";
import { parseShellTree, type ShellNode } from "./parse-shell-tree.ts";
import { printCommand } from "./print-command.ts";
import {
  joinTraced,
  replaceCharacter,
  sliceTraced,
  traceComputed,
  traceImage,
  type TracedText,
} from "./traced-text.ts";

/** A program as the shell would start it. */
export interface ShellCall {
  readonly words: readonly TracedText[];
  /** Variables it sees: the environment, and what the script set before. */
  readonly variables: ReadonlyMap<string, TracedText>;
  /** Assignments written before it. */
  readonly assignments: Readonly<Record<string, TracedText>>;
  /** Its standard input, where a here-document, here-string or `echo ... |` gives it. */
  readonly input: TracedText | undefined;
  readonly separator: "&&" | "||" | ";" | "|" | "&" | "\n" | "";
  readonly conditional: boolean;
  /** Where it stands in a `while` or `until` loop, if it does. */
  readonly loop: "test" | "body" | undefined;
}

export interface ScriptWorld {
  readonly variables: ReadonlyMap<string, TracedText>;
  readonly positional: readonly TracedText[];
  /** The text a file of the container holds, for `$(cat FILE)`. */
  readonly readFile: (path: string) => TracedText | undefined;
  /** Every program in order. May run another script in its place with the variables given. */
  readonly call: (call: ShellCall, run: (script: TracedText, world: Partial<ScriptWorld>) => void) => void;
}

/** Loops and functions are followed this many commands far in one script. */
const mostCommands = 2000;
const longestScript = 1_000_000;
const deepestCall = 12;

/**
 * Follows a shell script without running anything: assignments, `export`, functions, loops over known words, tests of
 * known texts. Every program goes to `call` with its words expanded. Branches that cannot be decided are all followed,
 * as `conditional`. Returns false when the script is longer than what is followed.
 */
export function runScript(script: TracedText, world: ScriptWorld): boolean {
  if (script.text.length > longestScript) return false;
  const budget = { commands: mostCommands };
  run(script, world, budget, 0, false);
  return budget.commands > 0;
}

interface Frame {
  readonly script: TracedText;
  readonly variables: Map<string, TracedText>;
  positional: readonly TracedText[];
  readonly functions: Map<string, { readonly script: TracedText; readonly body: readonly ShellNode[] }>;
  readonly world: ScriptWorld;
  readonly budget: { commands: number };
  readonly depth: number;
  readonly loop: ShellCall["loop"];
}

function run(
  script: TracedText,
  world: ScriptWorld,
  budget: Frame["budget"],
  depth: number,
  conditional: boolean,
): void {
  if (depth > deepestCall) return;
  const frame: Frame = {
    script,
    variables: new Map(world.variables),
    positional: world.positional,
    functions: new Map(),
    world,
    budget,
    depth,
    loop: undefined,
  };
  followAll(parseShellTree(script.text), frame, conditional);
}

function followAll(nodes: readonly ShellNode[], frame: Frame, conditional: boolean): void {
  let piped: TracedText | undefined;
  for (const node of nodes) {
    if (frame.budget.commands <= 0) return;
    const input = piped;
    piped = undefined;
    if (node.kind !== "simple") follow(node, frame, conditional);
    else {
      const started = expandSimple(node, frame);
      const given = { words: started.words, input: started.input ?? input };
      if (node.separator === "|") piped = printCommand(given.words, given.input, frame.world.readFile);
      followSimple(node, given, frame, conditional);
    }
  }
}

function follow(node: Exclude<ShellNode, { kind: "simple" }>, frame: Frame, conditional: boolean): void {
  switch (node.kind) {
    case "group":
      return followAll(node.body, frame, conditional);
    case "function":
      frame.functions.set(node.name, { script: frame.script, body: node.body });
      return;
    case "case":
      return followAll(node.body, frame, true);
    case "while":
      followAll(node.test, { ...frame, loop: "test" }, conditional);
      return followAll(node.body, { ...frame, loop: "body" }, true);
    case "for":
      return followFor(node, frame, conditional);
    case "if":
      return followIf(node, frame, conditional);
  }
}

function followFor(node: Extract<ShellNode, { kind: "for" }>, frame: Frame, conditional: boolean): void {
  const items = node.items.flatMap((word) => expandWord(word.pieces, scopeOf(frame)));
  for (const item of items) {
    const isKnown = !item.pieces.some(({ place }) => place.kind === "computed") && !/[*?]/.test(item.text);
    frame.variables.set(node.variable, item);
    followAll(node.body, frame, conditional || !isKnown);
  }
}

function followIf(node: Extract<ShellNode, { kind: "if" }>, frame: Frame, conditional: boolean): void {
  let open = false;
  for (const { test, body } of node.branches) {
    const outcome = test.length === 1 ? evaluateTest(test[0], frame) : undefined;
    followAll(test, frame, conditional || open);
    if (outcome !== false) followAll(body, frame, conditional || open || outcome === undefined);
    if (outcome === true) return;
    open ||= outcome === undefined;
  }
  followAll(node.otherwise, frame, conditional || open);
}

/** `[ -n "$X" ]`, `[ -z "$X" ]`, `[ a = b ]` of known texts; undefined: not known. */
function evaluateTest(node: ShellNode | undefined, frame: Frame): boolean | undefined {
  if (node?.kind !== "simple" || !/^(\[\[?|test)$/.test(node.words[0]?.text ?? "")) return undefined;
  const words = node.words.slice(1).flatMap((word) => expandWord(word.pieces, scopeOf(frame)));
  if (words.some((word) => word.pieces.some(({ place }) => place.kind === "computed"))) return undefined;
  const [first, second, third, ...rest] = words.map(({ text }) => text).filter((text) => !/^\]\]?$/.test(text));
  if (rest.length > 0) return undefined;
  if (first === "-n" && third === undefined) return (second ?? "") !== "";
  if (first === "-z" && third === undefined) return (second ?? "") === "";
  if (second === "=" || second === "==") return first === third;
  return second === "!=" ? first !== third : undefined;
}

function followSimple(
  node: Extract<ShellNode, { kind: "simple" }>,
  { words, input }: Started,
  frame: Frame,
  conditional: boolean,
): void {
  frame.budget.commands -= 1;
  const assigned = node.assignments.map((word) => assign(word, frame));
  const [program, ...rest] = words.map(({ text }) => text);
  const [list] = assigned;
  if (program === "(" && list !== undefined && list[1].text === "") {
    frame.variables.set(list[0], joinItems(words.slice(1, -1)));
    return;
  }
  if (program === "read") {
    readArray(rest, input, assigned, frame);
    return;
  }
  if (program === undefined) {
    for (const [name, value] of assigned) frame.variables.set(name, value);
    return;
  }
  if (/^(export|declare|local|readonly|typeset)$/.test(program)) {
    for (const word of node.words.slice(1)) {
      if (/^[A-Za-z_]\w*=/.test(word.text)) frame.variables.set(...assign(word, frame));
    }
    return;
  }
  if (program === "shift") {
    frame.positional = frame.positional.slice(Number(rest[0] ?? 1));
    return;
  }
  const called = frame.functions.get(program);
  if (called !== undefined) {
    if (frame.depth >= deepestCall) return;
    const inner: Frame = { ...frame, script: called.script, positional: words.slice(1), depth: frame.depth + 1 };
    followAll(called.body, inner, conditional);
    return;
  }
  const assignments = Object.fromEntries(assigned);
  const variables = new Map([...frame.variables, ...assigned]);
  frame.world.call(
    { words, variables, assignments, input, separator: node.separator, conditional, loop: frame.loop },
    (script, changes) =>
      run(
        script,
        { ...frame.world, variables, positional: [], ...changes },
        frame.budget,
        frame.depth + 1,
        conditional,
      ),
  );
}

/** An array is kept as its items with blanks between. */
function joinItems(items: readonly TracedText[]): TracedText {
  return joinTraced(items.flatMap((item, index) => (index === 0 ? [item] : [traceImage(" "), item])));
}

/** `IFS=',' read -ra NAMES <<< "$LIST"`, and `read -r NAME <<< "$TEXT"`. */
function readArray(
  rest: readonly string[],
  input: TracedText | undefined,
  assigned: readonly (readonly [string, TracedText])[],
  frame: Frame,
): void {
  const separator = assigned.find(([name]) => name === "IFS")?.[1].text ?? " ";
  const [name, ...more] = rest.filter((word) => !word.startsWith("-"));
  if (name === undefined) return;
  const isSimple = input !== undefined && more.length === 0 && separator.length === 1;
  const isArray = rest.some((word) => /^-\w*a/.test(word));
  const value = isSimple ? (isArray ? replaceCharacter(input, separator, " ") : input) : undefined;
  frame.variables.set(name, value ?? traceComputed(`$${name}`, `${name} is read when the script runs`));
}

function assign(word: ParsedWord, frame: Frame): [string, TracedText] {
  const equals = word.text.indexOf("=");
  const whole = expandText(word.pieces, scopeOf(frame));
  const at = whole.text.indexOf("=");
  return [word.text.slice(0, equals), sliceTraced(whole, at + 1, whole.text.length)];
}

interface Started {
  readonly words: readonly TracedText[];
  readonly input: TracedText | undefined;
}

/** The words a program receives; redirections leave them, a here-document or here-string becomes its input. */
function expandSimple(node: Extract<ShellNode, { kind: "simple" }>, frame: Frame): Started {
  const scope = scopeOf(frame);
  const document = node.hereDocuments.at(-1);
  let input = document === undefined ? undefined : expandText(document, scope);
  const words: TracedText[] = [];
  for (let index = 0; index < node.words.length; index += 1) {
    const word = node.words[index];
    if (word === undefined) break;
    const operator = findRedirection(word);
    if (operator === undefined) {
      words.push(...expandWord(word.pieces, scope));
      continue;
    }
    const { text, at, end } = operator;
    if (at > word.start) words.push(sliceTraced(frame.script, word.start, at));
    if (text === "<<") continue;
    const rest = cutPieces(word, end);
    const next = rest.length > 0 || text.endsWith("&") ? undefined : node.words[(index += 1)];
    const target = joinTraced(expandWord(rest.length > 0 ? rest : (next?.pieces ?? []), scope));
    if (text === "<<<") input = target;
    else if (text === "<")
      input = frame.world.readFile(target.text) ?? traceComputed(target.text, `${target.text} cannot be read`);
  }
  return { words, input };
}

function scopeOf(frame: Frame): ShellScope {
  const { script, variables, positional, world } = frame;
  const scope: ShellScope = {
    script,
    variables,
    positional,
    substitute: (command) => {
      const nodes = parseShellTree(command);
      let piped: TracedText | undefined;
      for (const node of nodes) {
        if (node.kind !== "simple") return undefined;
        // The words of a substitution have no place of their own; their variables do.
        const inner = { ...scope, script: traceComputed(command, `$(${command})`) };
        piped = printCommand(
          node.words.flatMap((word) => expandWord(word.pieces, inner)),
          piped,
          world.readFile,
        );
        if (piped === undefined) return undefined;
      }
      return piped;
    },
  };
  return scope;
}
