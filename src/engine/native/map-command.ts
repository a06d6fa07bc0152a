import type { Listener } from "../../catalog/product.ts";
import { parseShell, type ShellWord } from "../../topology/parse-shell.ts";
import { startsProgram } from "../../topology/starts-program.ts";
import type { PortTable } from "../plan-ports.ts";

/** A listener and the address it must open here. */
export interface ListenerAddress {
  readonly listener: Listener;
  readonly target: number;
  readonly host: string;
  readonly port: number;
}

/** The listeners of a service with their addresses. */
export function listenerAddresses(
  listeners: ReadonlyMap<number, Listener>,
  ports: PortTable[string] | undefined,
): ListenerAddress[] {
  return [...listeners].flatMap(([target, listener]) => {
    const address = ports?.[target];
    return address === undefined ? [] : [{ listener, target, host: address.host, port: address.port }];
  });
}

/**
 * An argv with the values of port and address flags replaced by this machine's: `--port 5000 --host 0.0.0.0` becomes
 * `--port 5001 --host 127.0.0.1`. Flags inside an `sh -c` script are replaced in its text; every other byte stays.
 */
export function mapCommand(argv: readonly string[], addresses: readonly ListenerAddress[]): readonly string[] {
  const flag = argv.findIndex((word) => /^-\w*c$/.test(word));
  if (/(^|\/)(ba|da|z)?sh$/.test(argv[0] ?? "") && flag > 0) {
    return argv.map((word, index) => (index === flag + 1 ? mapScript(word, addresses) : word));
  }
  const words = argv.map((text, index) => ({ text, start: index, end: index + 1 }));
  const edits = new Map(planFlagEdits(words, addresses).map((edit) => [edit.word.start, edit.text]));
  return argv.map((word, index) => edits.get(index) ?? word);
}

function mapScript(script: string, addresses: readonly ListenerAddress[]): string {
  const edits = parseShell(script)
    .flatMap((command) => planFlagEdits(command.words, addresses))
    .toSorted((a, b) => b.word.start - a.word.start);
  return edits.reduce((text, { word, text: next }) => text.slice(0, word.start) + next + text.slice(word.end), script);
}

function planFlagEdits(
  words: readonly ShellWord[],
  addresses: readonly ListenerAddress[],
): { word: ShellWord; text: string }[] {
  const texts = words.map((word) => word.text);
  const isServer = startsProgram(texts, "gunicorn") || startsProgram(texts, "uvicorn");
  const edits: { word: ShellWord; text: string }[] = [];
  for (const [index, word] of words.entries()) {
    const [name = "", value] = word.text.includes("=") ? splitFlag(word.text) : [word.text, undefined];
    for (const { listener, host, port } of addresses) {
      if (!isServer && !startsProgram(texts, listener.program)) continue;
      const next = listener.portFlags.includes(name)
        ? String(port)
        : listener.hostFlags.includes(name)
          ? host
          : undefined;
      const target = value === undefined ? words[index + 1] : word;
      if (next === undefined || target === undefined) continue;
      edits.push({ word: target, text: value === undefined ? next : `${name}=${next}` });
    }
  }
  return edits;
}

function splitFlag(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
