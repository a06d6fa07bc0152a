import { recogniseAirflowComponent } from "../catalog/airflow/components.ts";
import { planAirflowEntrypoint } from "../catalog/airflow/image.ts";
import { recogniseMlflowComponent } from "../catalog/mlflow/components.ts";
import type { ProductId } from "../catalog/product.ts";
import { cleanPath, resolvePath } from "../compose/paths.ts";
import type { ContainerFiles } from "./container-file.ts";
import { runScript, type ScriptWorld, type ShellCall } from "./run-script.ts";
import type { Invocation } from "./topology.ts";
import { joinTraced, sliceTraced, traceImage, type TracedText } from "./traced-text.ts";

/** What a command is read with. */
export interface CommandWorld {
  readonly service: string;
  /** What the image holds: decides what `/entrypoint` does. */
  readonly image: ProductId | undefined;
  readonly environment: ReadonlyMap<string, TracedText>;
  readonly files: ContainerFiles;
  readonly workingDirectory: string;
}

/** The programs of a command, and what of it could not be read (`/start.sh is part of the image`). */
export interface CommandReading {
  readonly invocations: readonly Invocation[];
  /** A script hands over to the image's own entry point: `exec /entrypoint airflow version`. */
  readonly entersImage: boolean;
  readonly gaps: readonly string[];
}

/** Wrappers that run the rest of their words: how many words of their own follow, at least. */
const wrappers: Readonly<Record<string, number>> = {
  exec: 0,
  command: 0,
  builtin: 0,
  time: 0,
  nohup: 0,
  nice: 0,
  setsid: 0,
  env: 0,
  sudo: 0,
  tini: 0,
  "tini-static": 0,
  catatonit: 0,
  "dumb-init": 0,
  timeout: 1,
  gosu: 1,
  "su-exec": 1,
};
const flagsWithValue = new Set(["-u", "-g", "-k", "-s", "-n", "-c"]);
const shells = /^(ba|da|a|z|k)?sh$/;
const postgresPrograms = new Set(["postgres", "psql", "createdb", "createuser", "dropdb", "dropuser", "pg_isready"]);

/**
 * All programs that an argv starts, through shells with `-c`, script files of the project, `exec "$@"`, `env`, `sudo`
 * and init programs. Nothing is run.
 */
export function readCommand(argv: readonly TracedText[], world: CommandWorld): CommandReading {
  const invocations: Invocation[] = [];
  const gaps: string[] = [];
  let entersImage = false;
  const script: ScriptWorld = {
    variables: world.environment,
    positional: [],
    readFile: (path) => readText(path, world),
    call: (call, run) => start(call, run),
  };
  const runText = (text: TracedText, changes: Partial<ScriptWorld>): void => {
    if (!runScript(text, { ...script, ...changes })) gaps.push(`a script of ${world.service} is too long to follow`);
  };
  start(
    {
      words: argv,
      variables: world.environment,
      assignments: {},
      input: undefined,
      separator: "",
      conditional: false,
      loop: undefined,
    },
    runText,
  );
  return { invocations, entersImage, gaps: [...new Set(gaps)] };

  function start(call: ShellCall, run: Parameters<ScriptWorld["call"]>[1]): void {
    const { words, assignments } = unwrap(call);
    const [first, ...rest] = words;
    if (first === undefined) return;
    const name = first.text.split("/").at(-1) ?? "";
    const variables = new Map([...call.variables, ...Object.entries(assignments)]);
    if (shells.test(name)) return startShell(rest, { ...call, assignments }, variables, run);
    if (name === "eval") return run(joinWords(rest), { variables });
    if (name === "source" || first.text === ".") {
      const found = rest[0] === undefined ? undefined : readText(rest[0].text, world);
      if (found !== undefined) run(found, { variables, positional: rest.slice(1) });
      return;
    }
    const entry = world.image === "airflow" && /^\/(usr\/bin\/)?entrypoint(\.sh)?$/.test(first.text);
    const entered = entry || (world.image === "postgres" && name === "docker-entrypoint.sh");
    if (entered) {
      entersImage = true;
      const planned = entry ? planAirflowEntrypoint(rest.map(({ text }) => text)) : rest.map(({ text }) => text);
      const added = planned.slice(0, planned.length - rest.length).map(traceImage);
      return start({ ...call, words: [...added, ...rest], assignments }, run);
    }
    const waited = afterWait(name, words);
    if (waited !== undefined) {
      invocations.push(
        describe({ ...call, words: words.slice(0, words.length - waited.length), assignments }, world.service),
      );
      return start({ ...call, words: waited, assignments }, run);
    }
    if (first.text.includes("/") && startFile(first.text, rest, variables, run)) return;
    invocations.push(describe({ ...call, words, assignments }, world.service));
  }

  function startShell(
    words: readonly TracedText[],
    call: ShellCall,
    variables: ReadonlyMap<string, TracedText>,
    run: Parameters<ScriptWorld["call"]>[1],
  ): void {
    let at = 0;
    for (let word = words[at]; word !== undefined && /^[-+]\w/.test(word.text); word = words[(at += 1)]) {
      if (word.text === "-o" || word.text === "+o") at += 1;
      if (!/^-\w*c\w*$/.test(word.text)) continue;
      const text = words[at + 1];
      if (text !== undefined) run(text, { variables, positional: words.slice(at + 3) });
      return;
    }
    const file = words[at];
    if (file !== undefined) startFile(file.text, words.slice(at + 1), variables, run, true);
    else if (call.input !== undefined) run(call.input, { variables });
  }

  /** False: the path is a program, not a script of the project. */
  function startFile(
    path: string,
    rest: readonly TracedText[],
    variables: ReadonlyMap<string, TracedText>,
    run: Parameters<ScriptWorld["call"]>[1],
    isScript = false,
  ): boolean {
    const found = world.files.read(absolute(path, world));
    if (found.kind === "text" && (isScript || isShellText(path, found.text.text))) {
      run(found.text, { variables, positional: rest });
      return true;
    }
    if (found.kind === "missing" || isScript || path.endsWith(".sh")) {
      gaps.push(found.kind === "text" ? `${path} is no shell script` : found.reason);
      return isScript;
    }
    return false;
  }
}

function readText(path: string, world: CommandWorld): TracedText | undefined {
  const found = world.files.read(absolute(path, world));
  return found.kind === "text" ? found.text : undefined;
}

function absolute(path: string, { workingDirectory }: CommandWorld): string {
  return path.startsWith("/") ? cleanPath(path) : resolvePath(workingDirectory, path);
}

function isShellText(path: string, text: string): boolean {
  const shebang = /^\uFEFF?#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
  const program = (shebang?.[1]?.endsWith("/env") === true ? shebang[2] : shebang?.[1])?.split("/").at(-1);
  return program === undefined ? path.endsWith(".sh") : shells.test(program);
}

/** Takes `exec`, `env A=b`, `sudo -u x`, `tini --` and the like off. */
function unwrap(call: ShellCall): Pick<ShellCall, "words" | "assignments"> {
  let words = call.words;
  const assignments = { ...call.assignments };
  for (let round = 0; round < 8; round += 1) {
    const name = words[0]?.text.split("/").at(-1) ?? "";
    const own = wrappers[name];
    if (own === undefined || (name in assignments && words.length === 0)) break;
    let at = 1;
    for (let word = words[at]; word !== undefined; word = words[at]) {
      const variable = name === "env" || name === "sudo" ? /^([A-Za-z_]\w*)=/.exec(word.text)?.[1] : undefined;
      if (variable !== undefined) assignments[variable] = sliceTraced(word, variable.length + 1, word.text.length);
      else if (!word.text.startsWith("-")) break;
      at += flagsWithValue.has(word.text) ? 2 : 1;
      if (word.text === "--") break;
    }
    words = words.slice(at + own);
  }
  return { words, assignments };
}

/** What `wait-for-it.sh db:5432 -- mlflow server` and `dockerize -wait tcp://db:5432 mlflow server` run afterwards. */
function afterWait(name: string, words: readonly TracedText[]): readonly TracedText[] | undefined {
  if (/^wait-for(-it)?(\.sh)?$/.test(name)) {
    const end = words.findIndex(({ text }) => text === "--");
    return end < 0 ? [] : words.slice(end + 1);
  }
  if (name !== "dockerize") return undefined;
  let at = 1;
  while (words[at]?.text.startsWith("-") === true) at += words[at]?.text.includes("=") === true ? 1 : 2;
  return words.slice(at);
}

function joinWords(words: readonly TracedText[]): TracedText {
  return joinTraced(words.flatMap((word, index) => (index === 0 ? [word] : [traceImage(" "), word])));
}

/** `python -m airflow ...` and `uv run mlflow ...` are the program they start. */
function programWords(words: readonly TracedText[]): readonly TracedText[] {
  const name = words[0]?.text.split("/").at(-1) ?? "";
  if (/^python[\d.]*$/.test(name) && words[1]?.text === "-m") return words.slice(2);
  if ((name === "uv" || name === "poetry" || name === "pipenv") && words[1]?.text === "run") return words.slice(2);
  return words;
}

function describe(call: ShellCall, service: string): Invocation {
  const words = programWords(call.words);
  const program = words[0]?.text.split("/").at(-1) ?? "";
  const texts = words.map(({ text }) => text);
  const stop = texts.findIndex((text, index) => index > 0 && (text.startsWith("-") || text.includes("://")));
  const product: ProductId | undefined =
    program === "airflow"
      ? "airflow"
      : /^mlflow(\.|$)/.test(program)
        ? "mlflow"
        : postgresPrograms.has(program)
          ? "postgres"
          : undefined;
  return {
    service,
    program,
    product,
    component:
      program === "airflow"
        ? recogniseAirflowComponent(texts)
        : program === "mlflow"
          ? recogniseMlflowComponent(texts)
          : undefined,
    subcommand: texts.slice(1, stop < 0 ? 4 : Math.min(stop, 4)),
    words,
    assignments: call.assignments,
    input: call.input,
    separator: call.separator,
    conditional: call.conditional,
    variables: call.variables,
    loop: call.loop,
  };
}
