import type { Evidence, Sighting } from "./sighting.ts";

/** Lines of a sighting that are kept. */
const KEPT_EVIDENCE = 3;
/** Different sightings of a log: names in lines could be without end. */
const MOST_SIGHTINGS = 2000;

/** Where a line was found, and how to look around it. */
export interface Found {
  readonly service: string | undefined;
  readonly offset: number;
  readonly evidence: () => Evidence;
}

/** The sightings of one log, counted. */
export interface SightingTally {
  add(signature: string, names: Readonly<Record<string, string | undefined>> | undefined, found: Found): void;
  list(): readonly Sighting[];
}

type Counted = Omit<{ -readonly [Key in keyof Sighting]: Sighting[Key] }, "evidence"> & {
  evidence: [Evidence, ...Evidence[]];
};

export function createSightingTally(log: string): SightingTally {
  const counted = new Map<string, Counted>();
  return {
    add(signature, groups, { service, offset, evidence }) {
      const names = definedOf(groups);
      const key = [signature, service ?? "", ...Object.entries(names).flat()].join("\n");
      const seen = counted.get(key);
      if (seen !== undefined) {
        seen.count += 1;
        seen.lastOffset = offset;
        if (seen.evidence.length < KEPT_EVIDENCE) seen.evidence.push(evidence());
      } else if (counted.size < MOST_SIGHTINGS) {
        counted.set(key, { signature, log, service, names, count: 1, evidence: [evidence()], lastOffset: offset });
      }
    },
    list: () => [...counted.values()],
  };
}

function definedOf(groups: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
