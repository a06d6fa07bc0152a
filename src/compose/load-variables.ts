import type { OriginLink } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import { addBlankVariable, addFault, type Faults } from "./faults.ts";
import type { FileReader } from "./file-reader.ts";
import type { Variable, Variables } from "./interpolate-tree.ts";
import { parseDotenv } from "./parse-dotenv.ts";
import { traceAssignment } from "./trace-assignment.ts";

/**
 * The variables that interpolation sees: those already known (the shell, an including project) win, then the env files,
 * of which the later wins. A file that is missing is a fault at `at`. Source: compose-go dotenv/env.go.
 */
export function loadVariables(
  files: readonly { readonly path: string; readonly at: Span | undefined }[],
  known: Variables,
  reader: FileReader,
  faults: Faults,
): Variables {
  const found = new Map<string, Variable>();
  const texts = new Map<string, string>();
  for (const { path, at } of files) {
    const hides = ["everything"] as const;
    const source = reader.read(path, faults, at, hides);
    if (source === "missing")
      addFault(faults, `the env file ${path} does not exist`, at, {
        kind: "env-file-missing",
        data: { path },
        hides,
      });
    if (source === undefined || source === "missing") continue;
    const parsed = parseDotenv(source.text, (name) => known.get(name)?.value, texts);
    if (parsed.fault !== undefined) {
      const place = source.span(parsed.fault.at, parsed.fault.at);
      addFault(faults, parsed.fault.message, place, { kind: "dotenv", data: { file: path }, hides });
    }
    for (const entry of parsed.entries) {
      const span = source.span(entry.start, entry.end);
      const link: OriginLink = { step: "dotenv", variable: entry.key, span };
      texts.set(entry.key, entry.value);
      found.set(entry.key, {
        value: entry.value,
        link: beating(link, found.get(entry.key)?.link),
        trace: traceAssignment(source, entry, "dotenv", (name) => known.get(name) ?? found.get(name)),
      });
      for (const use of entry.uses) {
        if (use.blank)
          addBlankVariable(faults, use.name, { span }, "write single quotes around a value that holds a literal $");
      }
    }
  }
  const result = new Map([...found, ...known]);
  for (const [name, loser] of found) {
    const winner = known.get(name);
    if (winner !== undefined) result.set(name, { ...winner, link: beating(winner.link, loser.link) });
  }
  return result;
}

/** The link with what it won over; a file that is read a second time does not beat itself. */
function beating(winner: OriginLink, loser: OriginLink | undefined): OriginLink {
  if (loser === undefined) return winner;
  const { beaten = [], ...place } = loser;
  const known = [winner, ...(winner.beaten ?? [])];
  const isNew = ({ span }: OriginLink) =>
    !known.some((link) => link.span?.file === span?.file && link.span?.start === span?.start);
  const more = [place, ...beaten].filter(isNew);
  return more.length === 0 ? winner : { ...winner, beaten: [...(winner.beaten ?? []), ...more] };
}
