import { parseLibpqUrl } from "./parse-libpq-url.ts";
import type { Invocation } from "./topology.ts";
import { sliceTraced, type TracedText } from "./traced-text.ts";

/** A call of a PostgreSQL client program: where it goes and what it is given. */
export interface ClientCall {
  readonly program: "psql" | "createdb" | "createuser";
  /** Undefined: the local socket. */
  readonly host: TracedText | undefined;
  readonly user: string | undefined;
  readonly database: string | undefined;
  /** Statements of `-c`, in order, and the standard input. */
  readonly scripts: readonly TracedText[];
  /** Files of `-f`. */
  readonly files: readonly TracedText[];
  /** psql's own variables: `-v name=value`. */
  readonly variables: ReadonlyMap<string, TracedText>;
  /** `createdb NAME`, `createuser NAME`. */
  readonly name: TracedText | undefined;
  readonly owner: TracedText | undefined;
  readonly superuser: boolean;
}

/** Short flags with a value, by program (psql, createdb and createuser reference pages). */
const valueFlags: Readonly<Record<string, string>> = {
  psql: "cdfvhpUFLoPRT",
  createdb: "DElOShpUT",
  createuser: "agchmpUv",
};

const longFlags: Readonly<Record<string, string>> = {
  host: "h",
  port: "p",
  username: "U",
  dbname: "d",
  command: "c",
  file: "f",
  set: "v",
  variable: "v",
  owner: "O",
  superuser: "s",
};

/** Reads a psql, createdb or createuser command line; undefined for other programs. PG* variables fill the gaps. */
export function readClientCall(invocation: Invocation): ClientCall | undefined {
  const program = invocation.program === "docker_process_sql" ? "psql" : invocation.program;
  if (program !== "psql" && program !== "createdb" && program !== "createuser") return undefined;
  const flags: { name: string; value: TracedText }[] = [];
  const positional: TracedText[] = [];
  let superuser = false;
  const words = invocation.words;
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const long = /^--([a-z-]+)(=?)/.exec(word.text);
    const short = /^-([A-Za-z])/.exec(word.text)?.[1];
    if (long !== null) {
      const name = longFlags[long[1] ?? ""];
      superuser ||= name === "s";
      if (name === undefined || name === "s") continue;
      const value = long[2] === "=" ? sliceTraced(word, long[0].length, word.text.length) : words[(at += 1)];
      if (value !== undefined) flags.push({ name, value });
    } else if (short !== undefined) {
      const taking = word.text
        .split("")
        .findIndex((letter, index) => index > 0 && valueFlags[program]?.includes(letter));
      superuser ||= program === "createuser" && word.text.includes("s");
      if (taking < 0) continue;
      const isJoined = word.text.length > taking + 1;
      const value = isJoined ? sliceTraced(word, taking + 1, word.text.length) : words[(at += 1)];
      if (value !== undefined) flags.push({ name: word.text[taking] ?? "", value });
    } else positional.push(word);
  }
  const last = (name: string): TracedText | undefined => flags.findLast((flag) => flag.name === name)?.value;
  const all = (name: string): TracedText[] => flags.filter((flag) => flag.name === name).map(({ value }) => value);
  const target = program === "psql" ? (last("d") ?? positional[0]) : undefined;
  const url = target === undefined ? undefined : parseLibpqUrl(target.text);
  const hostPart = url?.spans.host;
  const variable = (name: string): TracedText | undefined => {
    const value = invocation.variables.get(name);
    return value?.text === "" ? undefined : value;
  };
  const user = url?.options["user"] ?? last("U")?.text ?? positional[1]?.text ?? variable("PGUSER")?.text;
  const scripts = program === "psql" ? all("c") : [];
  return {
    program,
    host:
      hostPart === undefined || target === undefined
        ? (last("h") ?? variable("PGHOST"))
        : sliceTraced(target, ...hostPart),
    user,
    database: url === undefined ? (target?.text ?? variable("PGDATABASE")?.text) : url.options["dbname"],
    scripts: scripts.length > 0 || invocation.input === undefined ? scripts : [invocation.input],
    files: all("f"),
    variables: new Map(all("v").map(splitVariable)),
    name: program === "psql" ? undefined : positional[0],
    owner: last("O"),
    superuser,
  };
}

function splitVariable(text: TracedText): [string, TracedText] {
  const equals = text.text.indexOf("=");
  return equals < 0 ? [text.text, text] : [text.text.slice(0, equals), sliceTraced(text, equals + 1, text.text.length)];
}
