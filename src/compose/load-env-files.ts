import type { Hidden } from "./compose-fault.ts";
import { addBlankVariable, addFault, type Faults } from "./faults.ts";
import type { FileReader } from "./file-reader.ts";
import type { Variable, Variables } from "./interpolate-tree.ts";
import { spendLimit } from "./limits.ts";
import { mapVerbatim } from "./map-flow-scalar.ts";
import { parseDotenv } from "./parse-dotenv.ts";
import { parseRawEnv } from "./parse-raw-env.ts";
import type { SourceText } from "./source-text.ts";
import { traceAssignment } from "./trace-assignment.ts";
import { traceDecoded } from "./trace.ts";
import {
  child,
  defaultOrigin,
  mapping,
  scalar,
  spanOf,
  textOf,
  traceOf,
  withEntry,
  type Entry,
  type Mapping,
  type Tree,
} from "./tree.ts";

/**
 * Joins a decoded service's env files and label files into its environment and labels: later files win, what the
 * service itself says beats all, even null. Source: compose-go types/project.go.
 */
export function loadEnvFiles(
  name: string,
  service: Mapping,
  variables: Variables,
  reader: FileReader,
  faults: Faults,
): Mapping {
  return loadLabelFiles(name, loadEnvironment(name, service, variables, reader, faults), reader, faults);
}

function loadEnvironment(
  name: string,
  service: Mapping,
  variables: Variables,
  reader: FileReader,
  faults: Faults,
): Mapping {
  const hides = [{ service: name, attribute: "environment" }];
  const files = child(service, "env_file");
  if (files?.kind !== "list") return service;
  const written = child(service, "environment");
  const own = written?.kind === "map" ? written : mapping([], defaultOrigin);
  const ownVariables = new Map<string, Variable>();
  for (const [key, entry] of own.entries) remember(ownVariables, key, entry);
  const outside = (variable: string) => variables.get(variable) ?? ownVariables.get(variable);
  const known = new Map(ownVariables);
  const found = new Map<string, Entry>();
  for (const file of files.items) {
    const source = openFile(name, file, hides, reader, faults);
    if (source === undefined) continue;
    for (const [key, entry] of readVariables(source, child(file, "format"), outside, known, hides, faults)) {
      found.set(key, beating(entry, found.get(key)));
      remember(known, key, entry);
    }
  }
  const entries = new Map(found);
  for (const [key, entry] of own.entries) entries.set(key, beating(entry, found.get(key)));
  return entries.size === 0 ? service : withEntry(service, "environment", mapping(entries, own.origin));
}

/** The entry with the origin of what it won over. */
function beating(winner: Entry, loser: Entry | undefined): Entry {
  if (loser === undefined) return winner;
  const { chain, losers } = winner.value.origin;
  const lost = loser.value.origin;
  const origin = { chain, losers: [...losers, { chain: lost.chain, losers: [] }, ...lost.losers] };
  return { ...winner, value: { ...winner.value, origin } };
}

function remember(known: Map<string, Variable>, key: string, { value }: Entry): void {
  const text = textOf(value);
  const [link] = value.origin.chain;
  if (text !== undefined && link !== undefined) known.set(key, { value: text, link, trace: traceOf(value) });
}

function openFile(
  service: string,
  file: Tree,
  hides: readonly Hidden[],
  reader: FileReader,
  faults: Faults,
): SourceText | undefined {
  const place = child(file, "path");
  const path = textOf(place) ?? "";
  const required = child(file, "required");
  const optional = required?.kind === "scalar" && required.value === false;
  if (!reader.exists(path)) {
    if (!optional)
      addFault(faults, `the env file ${path} does not exist`, spanOf(place), {
        kind: "env-file-missing",
        data: { path, service },
        hides,
        hint: `create it, or write "required: false" beside its path`,
      });
    return undefined;
  }
  const source = reader.read(path, faults, spanOf(place), hides);
  return source === "missing" ? undefined : source;
}

function readVariables(
  source: SourceText,
  written: Tree | undefined,
  outside: (name: string) => Variable | undefined,
  before: Variables,
  hides: readonly Hidden[],
  faults: Faults,
): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  const format = textOf(written);
  if (format !== undefined && format !== "" && format !== "raw" && format !== ".env") {
    addFault(faults, `unsupported env_file format "${format}"; there is only "raw"`, spanOf(written), { hides });
    return found;
  }
  if (!spendLimit(faults, "variables from env files", 0)) return found;
  const known = new Map(before);
  const lookup = (name: string) => outside(name)?.value;
  const texts = new Map([...known].map(([key, { value }]) => [key, value]));
  const parsed = format === "raw" ? parseRawEnv(source.text, lookup) : parseDotenv(source.text, lookup, texts);
  if (parsed.fault !== undefined)
    addFault(faults, parsed.fault.message, source.span(parsed.fault.at, parsed.fault.at), {
      kind: "dotenv",
      data: { file: source.file },
      hides,
    });
  if (!spendLimit(faults, "variables from env files", parsed.entries.length)) return found;
  for (const entry of parsed.entries) {
    const span = source.span(entry.start, entry.end);
    for (const use of entry.uses) {
      if (use.blank)
        addBlankVariable(faults, use.name, { span }, "write single quotes around a value that holds a literal $");
    }
    const origin = { chain: [{ step: "env-file", span, variable: entry.key } as const], losers: [] };
    const variableAt = (name: string) => outside(name) ?? known.get(name);
    const value = scalar(entry.value, origin, traceAssignment(source, entry, "env-file", variableAt));
    const added = {
      value,
      keySpan: span,
      keyTrace: traceDecoded(source, () => mapVerbatim(source.text, entry.start, entry.start + entry.key.length)),
    };
    found.set(entry.key, added);
    remember(known, entry.key, added);
  }
  return found;
}

function loadLabelFiles(name: string, service: Mapping, reader: FileReader, faults: Faults): Mapping {
  const files = child(service, "label_file");
  if (files?.kind !== "list") return service;
  const hides = [{ service: name, attribute: "labels" }];
  const found = new Map<string, Entry>();
  const known = new Map<string, Variable>();
  for (const file of files.items) {
    const path = textOf(file) ?? "";
    const source = reader.read(path, faults, spanOf(file), hides);
    if (source === "missing") addFault(faults, `the label file ${path} does not exist`, spanOf(file), { hides });
    if (source === undefined || source === "missing") continue;
    const read = readVariables(source, undefined, (variable) => known.get(variable), new Map(), hides, faults);
    for (const [key, entry] of read) found.set(key, entry);
    for (const [key, entry] of read) remember(known, key, entry);
  }
  const written = child(service, "labels");
  const entries = new Map([...found, ...(written?.kind === "map" ? written.entries : [])]);
  return entries.size === 0 ? service : withEntry(service, "labels", mapping(entries, files.origin));
}
