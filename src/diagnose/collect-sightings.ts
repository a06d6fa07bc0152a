import { errorBlock } from "./error-block.ts";
import { parseLogLine, type LogLine } from "./parse-log-line.ts";
import { scanLog, type FoundLine } from "./scan-log.ts";
import type { Evidence, Sighting } from "./sighting.ts";
import type { Signature } from "./signature.ts";

/** A log to read: what it is called, and its bytes in order. */
export interface LogSource {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The service that wrote all of it; left out: its lines say. */
  readonly service?: string;
  /** Changes a line before it is understood. */
  readonly rewrite?: (text: string) => string;
  /** What times without a zone mean; left out: containers run in UTC. */
  readonly zone?: "local" | "utc";
}

export interface CollectOptions {
  /** The service's key in the project for a container's name. */
  readonly serviceOf: (name: string) => string;
  /** Lines before this time (milliseconds since the epoch) do not count. */
  readonly since: number | undefined;
}

/** What logs hold of known failures, and where they speak of errors nobody knows. */
export interface Collected {
  readonly sightings: readonly Sighting[];
  /** The first error of each service that no signature knows, at most 32. */
  readonly unknownErrors: readonly Evidence[];
  /** The time of the last line of each log that has one, by the log's name. */
  readonly ends: ReadonlyMap<string, number>;
}

/** Words of lines that tell an error, whatever it is. */
const errorMarks = [
  "ERROR -",
  "ERROR:",
  " ERROR ",
  "FATAL:",
  "PANIC:",
  "CRITICAL",
  "[error",
  '"error"',
  "Error: ",
  "Exception: ",
];

const KEPT_EVIDENCE = 3;
/** Different sightings; names in lines could be without end (a host name in each). */
const MOST_SIGHTINGS = 2000;
const MOST_ERRORS = 32;

type Mutable = { -readonly [Key in keyof Sighting]: Sighting[Key] } & { evidence: [Evidence, ...Evidence[]] };

/** Reads logs one after the other, each in bounded memory, and gathers what the signatures know. */
export async function collectSightings(
  sources: Iterable<LogSource>,
  signatures: readonly Signature[],
  options: CollectOptions,
): Promise<Collected> {
  const marks = [...new Set([...signatures.flatMap((one) => one.marks), ...errorMarks])];
  const numberOf = new Map(marks.map((mark, number) => [mark, number]));
  const knowing = marks.map((): Signature[] => []);
  for (const signature of signatures) {
    for (const mark of signature.marks) knowing[numberOf.get(mark) ?? 0]?.push(signature);
  }
  const isError = new Set(errorMarks.map((mark) => numberOf.get(mark)));
  const sightings = new Map<string, Mutable>();
  const unknownErrors = new Map<string, Evidence>();

  const ends = new Map<string, number>();
  for (const source of sources) {
    const tail = await scanLog(source.chunks, marks, (found) => {
      const { rewrite = (text) => text } = source;
      const plain = parseLogLine(found.raw, source.zone);
      const parsed = { ...plain, text: rewrite(plain.text) };
      const written = source.service ?? (plain.service === undefined ? undefined : options.serviceOf(plain.service));
      const line = { ...parsed, service: written };
      const evidence = evidenceOf(source, parsed, written, found);
      if (options.since !== undefined && isBefore(line, evidence, options.since)) return;
      let isKnown = false;
      for (const signature of candidates(found.marks, knowing)) {
        const match = firstMatch(signature, parsed.text);
        if (match === undefined) continue;
        isKnown = true;
        note(sightings, { signature, names: definedOf(match.groups), source, line, found, evidence });
      }
      if (isKnown || ![...found.marks].some((mark) => isError.has(mark))) return;
      const key = `${source.service ?? ""}\n${written ?? source.name}`;
      if (unknownErrors.has(key) || unknownErrors.size >= MOST_ERRORS) return;
      unknownErrors.set(key, evidence());
    });
    const end = tail.map((raw) => parseLogLine(raw, source.zone).time).findLast((time) => time !== undefined);
    if (end !== undefined) ends.set(source.name, end);
  }
  return { sightings: [...sightings.values()], unknownErrors: [...unknownErrors.values()], ends };
}

function candidates(found: ReadonlySet<number>, knowing: readonly (readonly Signature[])[]): ReadonlySet<Signature> {
  return new Set([...found].flatMap((mark) => knowing[mark] ?? []));
}

function firstMatch({ patterns }: Signature, text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match;
  }
  return undefined;
}

/** Looks around the line only when it is asked, and once. */
function evidenceOf(source: LogSource, parsed: LogLine, service: string | undefined, found: FoundLine): () => Evidence {
  let made: Evidence | undefined;
  return () => {
    if (made !== undefined) return made;
    const { lines, time } = errorBlock(parsed, found.around());
    made = { log: source.name, service, time, offset: found.offset, line: parsed.text, block: lines };
    return made;
  };
}

function isBefore(line: LogLine, evidence: () => Evidence, since: number): boolean {
  const time = line.time ?? evidence().time;
  return time !== undefined && time < since;
}

function note(
  sightings: Map<string, Mutable>,
  {
    signature,
    names,
    source,
    line,
    found,
    evidence,
  }: {
    readonly signature: Signature;
    readonly names: Readonly<Record<string, string>>;
    readonly source: LogSource;
    readonly line: LogLine;
    readonly found: FoundLine;
    readonly evidence: () => Evidence;
  },
): void {
  const key = JSON.stringify([signature.id, source.name, line.service, names]);
  const seen = sightings.get(key);
  if (seen === undefined) {
    if (sightings.size >= MOST_SIGHTINGS) return;
    const { service } = line;
    const base = { signature: signature.id, log: source.name, service, names, count: 1, lastOffset: found.offset };
    sightings.set(key, { ...base, evidence: [evidence()] });
    return;
  }
  seen.count += 1;
  seen.lastOffset = found.offset;
  if (seen.evidence.length < KEPT_EVIDENCE) seen.evidence.push(evidence());
}

function definedOf(groups: Readonly<Record<string, string | undefined>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
