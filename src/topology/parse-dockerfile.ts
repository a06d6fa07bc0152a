import { expandText, type ShellScope } from "./expand-word.ts";
import { parsePipInstall } from "./parse-pip-install.ts";
import { parseShell } from "./parse-shell.ts";
import { joinTraced, sliceTraced, traceComputed, traceImage, type TracedText } from "./traced-text.ts";

/** One instruction: upper-case keyword, its text with continuations joined, and its 1-based line. */
export interface DockerInstruction {
  readonly keyword: string;
  readonly text: string;
  readonly line: number;
  readonly traced: TracedText;
}

/** The final stage of a Dockerfile, with what its parent stages in the same file contribute. */
export interface Dockerfile {
  /** The image the stage chain starts from, ARGs put in. */
  readonly base: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The same values with their places. */
  readonly environmentText: Readonly<Record<string, TracedText>>;
  readonly workingDirectory: string | undefined;
  readonly user: string | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly entrypointText: readonly TracedText[] | undefined;
  readonly commandText: readonly TracedText[] | undefined;
  /** Requirement words of `pip install` lines, and the files named by `-r`, as written (paths inside the image). */
  readonly pip: { readonly requirements: readonly string[]; readonly files: readonly string[] };
  /** `directory`: the WORKDIR in force, from which a relative target counts. */
  readonly copies: readonly {
    readonly sources: readonly string[];
    readonly target: string;
    readonly directory?: string;
  }[];
  /** What a native engine cannot repeat: `apt-get install -y gcc`, with the line. */
  readonly foreign: readonly { readonly text: string; readonly line: number }[];
}

/** Splits a Dockerfile's text into instructions (Dockerfile reference: continuations, comments, heredocs left alone). */
export function parseDockerInstructions(file: TracedText): readonly DockerInstruction[] {
  const instructions: DockerInstruction[] = [];
  let pending: { parts: TracedText[]; line: number } | undefined;
  let at = 0;
  for (const [index, raw] of file.text.split("\n").entries()) {
    const start = index === 0 && raw.startsWith("\uFEFF") ? at + 1 : at;
    const line = raw.replace(/\r$/, "").replace(/^\uFEFF/, "");
    at += raw.length + 1;
    if (/^\s*#/.test(line) || (line.trim() === "" && pending === undefined)) continue;
    const continuation = /\\\s*$/.exec(line);
    // The backslash stands for the blank between the parts.
    const part = sliceTraced(file, start, start + (continuation === null ? line.length : continuation.index + 1));
    const text = continuation === null ? part : { ...part, text: `${part.text.slice(0, -1)} ` };
    pending = { parts: [...(pending?.parts ?? []), text], line: pending?.line ?? index + 1 };
    if (continuation !== null) continue;
    const whole = joinTraced(pending.parts);
    const match = /^\s*([A-Za-z]+)\s+/.exec(whole.text);
    if (match?.[1] !== undefined) {
      const traced = sliceTraced(whole, match[0].length, whole.text.trimEnd().length);
      instructions.push({ keyword: match[1].toUpperCase(), text: traced.text, line: pending.line, traced });
    }
    pending = undefined;
  }
  return instructions;
}

/**
 * Reads a Dockerfile to its final (or named) stage. `args` are the build arguments of the Compose file; ARG defaults
 * fill the rest. Returns undefined when there is no FROM.
 */
export function parseDockerfile(
  file: TracedText,
  args: Readonly<Record<string, TracedText>>,
  target?: string,
): Dockerfile | undefined {
  const variables: Record<string, TracedText> = {};
  const stages = new Map<string, Dockerfile>();
  let current: Dockerfile | undefined;
  let currentName = "";
  const keep = (): void => {
    if (current !== undefined) stages.set(currentName, current);
  };
  for (const instruction of parseDockerInstructions(file)) {
    const known = { ...variables, ...current?.environmentText };
    const value = (raw: string): string => expand(raw, known);
    if (instruction.keyword === "ARG") {
      const [name] = splitOnce(instruction.text, "=");
      const chosen = args[name] ?? parseEnv(instruction.traced, known)[name];
      if (chosen !== undefined) variables[name] = chosen;
    } else if (instruction.keyword === "FROM") {
      keep();
      if (target !== undefined && currentName === target) break;
      const words = value(instruction.text)
        .split(/\s+/)
        .filter((word) => !word.startsWith("--"));
      const [base = "", as, name] = words;
      currentName = as?.toLowerCase() === "as" && name !== undefined ? name : `#${stages.size}`;
      current = stages.get(base) ?? emptyStage(base);
    } else if (current !== undefined) {
      current = applyInstruction(current, instruction, value, known);
    }
  }
  keep();
  return target === undefined ? current : (stages.get(target) ?? current);
}

function emptyStage(base: string): Dockerfile {
  return {
    base,
    environment: {},
    environmentText: {},
    workingDirectory: undefined,
    user: undefined,
    entrypoint: undefined,
    command: undefined,
    entrypointText: undefined,
    commandText: undefined,
    pip: { requirements: [], files: [] },
    copies: [],
    foreign: [],
  };
}

function applyInstruction(
  stage: Dockerfile,
  instruction: DockerInstruction,
  value: (raw: string) => string,
  known: Readonly<Record<string, TracedText>>,
): Dockerfile {
  const { keyword, text, line, traced } = instruction;
  switch (keyword) {
    case "ENV": {
      const environmentText = { ...stage.environmentText, ...parseEnv(traced, known) };
      const texts = Object.entries(environmentText).map(([name, one]) => [name, one.text]);
      return { ...stage, environmentText, environment: Object.fromEntries(texts) as Record<string, string> };
    }
    case "WORKDIR": {
      const directory = unquote(value(text));
      const absolute = directory.startsWith("/") ? directory : `${stage.workingDirectory ?? ""}/${directory}`;
      return { ...stage, workingDirectory: absolute };
    }
    case "USER":
      return { ...stage, user: value(text) };
    case "ENTRYPOINT": {
      const words = parseForm(traced);
      return {
        ...stage,
        entrypoint: words.map((word) => word.text),
        entrypointText: words,
        command: undefined,
        commandText: undefined,
      };
    }
    case "CMD": {
      const words = parseForm(traced);
      return { ...stage, command: words.map((word) => word.text), commandText: words };
    }
    case "COPY":
    case "ADD": {
      const words = (parseJsonWords(text) ?? value(text).split(/\s+/)).filter((word) => !word.startsWith("--"));
      const copyTarget = words.at(-1);
      if (copyTarget === undefined || /--from=/.test(text)) {
        return { ...stage, foreign: [...stage.foreign, { text: `${keyword} ${text}`, line }] };
      }
      const directory = stage.workingDirectory === undefined ? {} : { directory: stage.workingDirectory };
      const copy = { sources: words.slice(0, -1), target: copyTarget, ...directory };
      return { ...stage, copies: [...stage.copies, copy] };
    }
    case "RUN":
      return applyRun(stage, value(text.replace(/^(--\S+\s+)+/, "")), line);
    default:
      return stage;
  }
}

/** `pip install` becomes requirements; commands that change nothing an application sees are passed over. */
function applyRun(stage: Dockerfile, script: string, line: number): Dockerfile {
  const requirements = [...stage.pip.requirements];
  const files = [...stage.pip.files];
  const foreign = [...stage.foreign];
  const json = parseJsonWords(script);
  const commands =
    json === undefined ? parseShell(script).map((command) => command.words.map((word) => word.text)) : [json];
  for (const words of commands) {
    const pip = parsePipInstall(words);
    if (pip !== undefined) {
      requirements.push(...pip.requirements);
      files.push(...pip.files);
    } else if (!isHarmless(words)) foreign.push({ text: words.join(" "), line });
  }
  return { ...stage, pip: { requirements, files }, foreign };
}

const harmless = new Set(["mkdir", "chown", "chmod", "echo", "true", "rm", "umask", "set", "touch"]);

function isHarmless(words: readonly string[]): boolean {
  return words.length === 0 || harmless.has(words[0] ?? "");
}

/** The words of the list form with the places of their texts, or of the shell form. */
function parseForm(traced: TracedText): readonly TracedText[] {
  const words = parseJsonWords(traced.text);
  if (words === undefined) return [traceImage("/bin/sh"), traceImage("-c"), traced];
  const places = [...traced.text.matchAll(/"((?:[^"\\]|\\.)*)"/gs)];
  return words.map((word, index) => {
    const place = places[index];
    if (place === undefined) return traceImage(word);
    const inner = sliceTraced(traced, place.index + 1, place.index + place[0].length - 1);
    return inner.text === word ? inner : { text: word, pieces: stretch(inner, word.length) };
  });
}

/** A text with escapes: the whole place stands for it. */
function stretch(inner: TracedText, length: number): TracedText["pieces"] {
  const [first] = inner.pieces;
  return first === undefined || inner.pieces.length > 1
    ? [{ start: 0, end: length, place: { kind: "image" } }]
    : [{ start: 0, end: length, place: first.place }];
}

function parseJsonWords(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `A=1 B="two words"`, or the old form `A the rest`. Variables nothing sets here may be the base image's. */
function parseEnv(traced: TracedText, known: Readonly<Record<string, TracedText>>): Record<string, TracedText> {
  const scope: ShellScope = {
    script: traced,
    variables: new Map(Object.entries(known)),
    positional: [],
    unset: (name, expression) => traceComputed(expression, `${name} may be set by the base image`),
  };
  const legacy = /^([A-Za-z_]\w*)\s+(?=\S)/.exec(traced.text);
  if (legacy?.[1] !== undefined && !legacy[0].includes("=")) {
    const rest = { text: traced.text.slice(legacy[0].length), start: legacy[0].length, end: traced.text.length };
    return { [legacy[1]]: expandText([{ ...rest, kind: "quoted" }], scope) };
  }
  const entries: Record<string, TracedText> = {};
  for (const command of parseShell(traced.text)) {
    for (const word of [...command.assignments, ...command.words]) {
      const whole = expandText(word.pieces, scope);
      const at = whole.text.indexOf("=");
      if (at > 0) entries[whole.text.slice(0, at)] = sliceTraced(whole, at + 1, whole.text.length);
    }
  }
  return entries;
}

function expand(text: string, variables: Readonly<Record<string, TracedText>>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (whole, braced?: string, fallback?: string, bare?: string) => {
      const name = braced ?? bare ?? "";
      return variables[name]?.text ?? fallback ?? whole;
    },
  );
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, "$2");
}
