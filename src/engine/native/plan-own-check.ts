import type { Service } from "../../compose/project.ts";
import { parseDuration } from "../../compose/parse-duration.ts";
import { parseShell, type ShellWord } from "../../topology/parse-shell.ts";
import { mapAddresses, mapScript, mapText } from "./map-text.ts";
import { mapAddress, type NameTable } from "./name-table.ts";
import type { PathMap } from "./path-map.ts";

/** A healthcheck of the Compose file as it can be run on this machine. */
export interface OwnCheck {
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly retries: number;
}

/**
 * The file's own healthcheck with names, ports and paths of this machine, so that its result is what Compose would see.
 * Undefined when there is none, or when it starts Airflow's command line: that takes seconds of a processor and asks the
 * heartbeat in the database, which our readiness just read.
 */
export function planOwnCheck(service: Service, names: NameTable, paths: PathMap): OwnCheck | undefined {
  const { test, disable, timeout, retries } = service.healthcheck ?? {};
  if (test === undefined || disable === true || test[0] === "NONE") return undefined;
  const words = test[0] === "CMD" || test[0] === "CMD-SHELL" ? test.slice(1) : test;
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  const isScript = test[0] === "CMD-SHELL" || (rest.length === 0 && first.includes(" "));
  const commands = isScript ? parseShell(first).map((command) => command.words) : [asWords(words)];
  if (commands.some((command) => /(^|\/)airflow$/.test(command[0]?.text ?? ""))) return undefined;
  const edits = commands.flatMap((command) => planEdits(command, names));
  const mapped = (text: string): string => mapText(text, names, paths);
  const argv = isScript
    ? (["/bin/sh", "-c", mapScript(editScript(first, edits), names, paths)] as const)
    : words.flatMap((word, index) => {
        const edit = edits.find((one) => one.word.start === index);
        return (edit === undefined ? [word] : edit.argv).map(mapped);
      });
  return {
    argv: [argv[0] ?? first, ...argv.slice(1)],
    timeoutMs: parseDuration(timeout ?? "") ?? 30_000,
    retries: retries ?? 3,
  };
}

interface Edit {
  readonly word: ShellWord;
  /** What stands in the word's place. */
  readonly argv: readonly string[];
}

function planEdits(words: readonly ShellWord[], names: NameTable): readonly Edit[] {
  const program = words[0]?.text.split("/").at(-1) ?? "";
  // Python in the unit's environment has the names by its hook, and so keeps the Host header as the file writes it.
  if (/^(python|mlflow|gunicorn)/.test(program)) return [];
  if (program === "curl") return planCurl(words, names);
  if (program === "pg_isready" || program === "psql") return planClient(words, names);
  return words.flatMap((word, index): Edit[] => {
    const next = words[index + 1];
    const pair =
      next !== undefined && /^\d+$/.test(next.text) ? mapAddress(names, word.text, Number(next.text)) : undefined;
    if (pair !== undefined && next !== undefined) {
      return [
        { word, argv: [pair.host] },
        { word: next, argv: [String(pair.port)] },
      ];
    }
    const text = mapDevices(mapAddresses(word.text, names), names);
    return text === word.text ? [] : [{ word, argv: [text] }];
  });
}

/** `--connect-to` leads the connection elsewhere and leaves the Host header as it is. */
function planCurl(words: readonly ShellWord[], names: NameTable): readonly Edit[] {
  const [program] = words;
  if (program === undefined) return [];
  const routes = words.flatMap(({ text }) =>
    [...text.matchAll(/\bhttps?:\/\/([\w.-]+)(?::(\d+))?/g)].flatMap(([, host = "", port = "80"]) => {
      const address = mapAddress(names, host, Number(port));
      return address === undefined ? [] : ["--connect-to", `${host}:${port}:${address.host}:${address.port}`];
    }),
  );
  return routes.length === 0 ? [] : [{ word: program, argv: [program.text, ...routes] }];
}

/** PostgreSQL's clients: host and port are two flags; without them PGHOST and PGPORT of the unit lead to its server. */
function planClient(words: readonly ShellWord[], names: NameTable): readonly Edit[] {
  const find = (
    short: string,
    long: string,
  ): { word: ShellWord; value: string; render: (text: string) => string } | undefined => {
    for (const [index, word] of words.entries()) {
      const next = words[index + 1];
      if ((word.text === short || word.text === long) && next !== undefined) {
        return { word: next, value: next.text, render: (text) => text };
      }
      if (word.text.startsWith(`${long}=`)) {
        return { word, value: word.text.slice(long.length + 1), render: (text) => `${long}=${text}` };
      }
    }
    return undefined;
  };
  const host = find("-h", "--host");
  const port = find("-p", "--port");
  const address = mapAddress(names, host?.value ?? "localhost", Number(port?.value ?? "5432"));
  if (address === undefined) return [];
  return [
    ...(host === undefined ? [] : [{ word: host.word, argv: [host.render(address.host)] }]),
    ...(port === undefined ? [] : [{ word: port.word, argv: [port.render(String(address.port))] }]),
  ];
}

/** bash's `/dev/tcp/HOST/PORT`. */
function mapDevices(text: string, names: NameTable): string {
  return text.replace(/\/dev\/tcp\/([\w.-]+)\/(\d+)/g, (whole, host: string, port: string) => {
    const address = mapAddress(names, host, Number(port));
    return address === undefined ? whole : `/dev/tcp/${address.host}/${address.port}`;
  });
}

function asWords(argv: readonly string[]): readonly ShellWord[] {
  return argv.map((text, index) => ({ text, start: index, end: index + 1 }));
}

function editScript(script: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.word.start - a.word.start)
    .reduce((text, { word, argv }) => {
      const raw = text.slice(word.start, word.end);
      const quote = /^["']/.exec(raw)?.[0] ?? "";
      // One word keeps its own quotes; words put behind a program need none.
      const next = argv.length === 1 ? `${quote}${argv[0] ?? ""}${quote}` : argv.join(" ");
      return text.slice(0, word.start) + next + text.slice(word.end);
    }, script);
}
