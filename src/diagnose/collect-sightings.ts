import { readLineTime } from "../core/read-line-time.ts";
import { errorBlock } from "./error-block.ts";
import { parseLogLine, splitLogLine, type SplitLine } from "./parse-log-line.ts";
import { scanLog, type FoundLine } from "./scan-log.ts";
import type { Evidence, Sighting } from "./sighting.ts";
import { signatureWords } from "./signature-words.ts";
import { createSightingTally } from "./sighting-tally.ts";
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

const MOST_ERRORS = 32;

/** Reads logs one after the other, each in bounded memory, and gathers what the signatures know. */
export async function collectSightings(
  sources: Iterable<LogSource>,
  signatures: readonly Signature[],
  options: CollectOptions,
): Promise<Collected> {
  const { words, knowing, tellsError } = signatureWords(signatures);
  const sightings: Sighting[] = [];
  const unknownErrors = new Map<string, Evidence>();
  const ends = new Map<string, number>();

  for (const source of sources) {
    const tally = createSightingTally(source.name);
    const onLine = (found: FoundLine): void => {
      const split = splitLogLine(found.raw);
      const text = source.rewrite?.(split.text) ?? split.text;
      const service = source.service ?? (split.service === undefined ? undefined : options.serviceOf(split.service));
      const evidence = once(() => lookAround(source, { split, text, service, found }));
      if (options.since !== undefined && (evidence().time ?? options.since) < options.since) return;
      let isKnown = false;
      for (const signature of knowing(found.marks)) {
        const match = firstMatch(signature, text);
        if (match === undefined) continue;
        isKnown = true;
        tally.add(signature.id, match.groups, { service, offset: found.offset, evidence });
      }
      if (isKnown || unknownErrors.size >= MOST_ERRORS || !tellsError(found.marks)) return;
      const speaker = `${source.name}\n${service ?? ""}`;
      if (!unknownErrors.has(speaker)) unknownErrors.set(speaker, evidence());
    };
    const tail = await scanLog(source.chunks, words, onLine);
    sightings.push(...tally.list());
    const end = tail.map((raw) => parseLogLine(raw, source.zone).time).findLast((time) => time !== undefined);
    if (end !== undefined) ends.set(source.name, end);
  }
  return { sightings, unknownErrors: [...unknownErrors.values()], ends };
}

function firstMatch({ patterns }: Signature, text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match;
  }
  return undefined;
}

function lookAround(
  { name: log, zone, rewrite = (line) => line }: LogSource,
  { split, text, service, found }: FoundText,
): Evidence {
  const own = split.time ?? readLineTime(text, zone);
  const { lines, time } = errorBlock({ service: split.service, time: own, text }, found.around(), zone);
  return { log, service, time, offset: found.offset, line: text, block: lines.map(rewrite) };
}

interface FoundText {
  readonly split: SplitLine;
  readonly text: string;
  readonly service: string | undefined;
  readonly found: FoundLine;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
