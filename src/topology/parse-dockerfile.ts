import { parseShell } from "./parse-shell.ts";

/** One instruction: upper-case keyword, its text with continuations joined, and its 1-based line. */
export interface DockerInstruction {
  readonly keyword: string;
  readonly text: string;
  readonly line: number;
}

/** The final stage of a Dockerfile, with what its parent stages in the same file contribute. */
export interface Dockerfile {
  /** The image the stage chain starts from, ARGs put in. */
  readonly base: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | undefined;
  readonly user: string | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  /** Requirement words of `pip install` lines, and the files named by `-r`, as written (paths inside the image). */
  readonly pip: { readonly requirements: readonly string[]; readonly files: readonly string[] };
  readonly copies: readonly { readonly sources: readonly string[]; readonly target: string }[];
  /** What a native engine cannot repeat: `apt-get install -y gcc`, with the line. */
  readonly foreign: readonly { readonly text: string; readonly line: number }[];
}

/** Splits a Dockerfile's text into instructions (Dockerfile reference: continuations, comments, heredocs left alone). */
export function parseDockerInstructions(text: string): readonly DockerInstruction[] {
  const instructions: DockerInstruction[] = [];
  let pending: { text: string; line: number } | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*#/.test(raw) || (raw.trim() === "" && pending === undefined)) continue;
    const continues = /\\\s*$/.test(raw);
    const part = continues ? raw.replace(/\\\s*$/, " ") : raw;
    pending = pending === undefined ? { text: part, line: index + 1 } : { ...pending, text: pending.text + part };
    if (continues) continue;
    const match = /^\s*([A-Za-z]+)\s+(.*?)\s*$/s.exec(pending.text);
    if (match?.[1] !== undefined) {
      instructions.push({ keyword: match[1].toUpperCase(), text: match[2] ?? "", line: pending.line });
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
  text: string,
  args: Readonly<Record<string, string | null>>,
  target?: string,
): Dockerfile | undefined {
  const variables: Record<string, string> = {};
  const stages = new Map<string, Dockerfile>();
  let current: Dockerfile | undefined;
  let currentName = "";
  const keep = (): void => {
    if (current !== undefined) stages.set(currentName, current);
  };
  for (const { keyword, text: body, line } of parseDockerInstructions(text)) {
    const value = (raw: string): string => expand(raw, { ...variables, ...current?.environment });
    if (keyword === "ARG") {
      const [name, fallback] = splitOnce(body, "=");
      const given = args[name];
      const chosen = given ?? (fallback === undefined ? undefined : unquote(value(fallback)));
      if (chosen !== undefined) variables[name] = chosen;
    } else if (keyword === "FROM") {
      keep();
      if (target !== undefined && currentName === target) break;
      const words = value(body)
        .split(/\s+/)
        .filter((word) => !word.startsWith("--"));
      const [base = "", as, name] = words;
      currentName = as?.toLowerCase() === "as" && name !== undefined ? name : `#${stages.size}`;
      current = stages.get(base) ?? emptyStage(base);
    } else if (current !== undefined) {
      current = applyInstruction(current, { keyword, text: body, line }, value);
    }
  }
  keep();
  return target === undefined ? current : (stages.get(target) ?? current);
}

function emptyStage(base: string): Dockerfile {
  return {
    base,
    environment: {},
    workingDirectory: undefined,
    user: undefined,
    entrypoint: undefined,
    command: undefined,
    pip: { requirements: [], files: [] },
    copies: [],
    foreign: [],
  };
}

function applyInstruction(
  stage: Dockerfile,
  instruction: DockerInstruction,
  value: (raw: string) => string,
): Dockerfile {
  const { keyword, text, line } = instruction;
  switch (keyword) {
    case "ENV":
      return { ...stage, environment: { ...stage.environment, ...parseEnv(text, value) } };
    case "WORKDIR": {
      const directory = unquote(value(text));
      const absolute = directory.startsWith("/") ? directory : `${stage.workingDirectory ?? ""}/${directory}`;
      return { ...stage, workingDirectory: absolute };
    }
    case "USER":
      return { ...stage, user: value(text) };
    case "ENTRYPOINT":
      return { ...stage, entrypoint: parseForm(text), command: undefined };
    case "CMD":
      return { ...stage, command: parseForm(text) };
    case "COPY":
    case "ADD": {
      const words = (parseJsonWords(text) ?? value(text).split(/\s+/)).filter((word) => !word.startsWith("--"));
      const copyTarget = words.at(-1);
      if (copyTarget === undefined || /--from=/.test(text)) {
        return { ...stage, foreign: [...stage.foreign, { text: `${keyword} ${text}`, line }] };
      }
      return { ...stage, copies: [...stage.copies, { sources: words.slice(0, -1), target: copyTarget }] };
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

/**
 * The requirements of a `pip install` command line (`pip`, `pip3`, `python -m pip`, `uv pip`), or undefined when it is
 * another command. Flags that only steer pip (`--no-cache-dir`, `--user`, `-U`, index options) are dropped.
 */
export function parsePipInstall(
  words: readonly string[],
): { readonly requirements: readonly string[]; readonly files: readonly string[] } | undefined {
  const isPip = (word: string | undefined): boolean => word !== undefined && /(^|\/)pip[\d.]*$/.test(word);
  const at = words.findIndex(isPip);
  const before = words.slice(0, Math.max(at, 0));
  const starts =
    at === 0 || before.join(" ") === "uv" || (/^(.*\/)?python[\d.]*$/.test(before[0] ?? "") && before[1] === "-m");
  if (at < 0 || !starts || words[at + 1] !== "install") return undefined;
  const withValue = new Set([
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "--timeout",
    "--trusted-host",
    "-f",
    "--find-links",
    "-t",
    "--target",
  ]);
  const requirements: string[] = [];
  const files: string[] = [];
  for (let index = at + 2; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "-r" || word === "--requirement") files.push(words[(index += 1)] ?? "");
    else if (word.startsWith("--requirement=")) files.push(word.slice("--requirement=".length));
    else if (withValue.has(word)) index += 1;
    else if (!word.startsWith("-") && word !== "pip") requirements.push(word);
  }
  return { requirements, files };
}

function parseForm(text: string): readonly string[] {
  return parseJsonWords(text) ?? ["/bin/sh", "-c", text];
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

function parseEnv(text: string, value: (raw: string) => string): Record<string, string> {
  const legacy = /^([A-Za-z_]\w*)\s+(.*)$/s.exec(text);
  if (legacy?.[1] !== undefined) return { [legacy[1]]: value(legacy[2] ?? "") };
  const entries: Record<string, string> = {};
  for (const command of parseShell(text)) {
    for (const word of [...command.assignments, ...command.words]) {
      const [name, content] = splitOnce(word.text, "=");
      if (content !== undefined) entries[name] = value(content);
    }
  }
  return entries;
}

function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (whole, braced?: string, fallback?: string, bare?: string) => {
      const name = braced ?? bare ?? "";
      return variables[name] ?? fallback ?? (name in variables ? "" : whole);
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
