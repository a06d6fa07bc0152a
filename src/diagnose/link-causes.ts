import type { Episode } from "./fold-causes.ts";
import type { StackFacts } from "./stack-facts.ts";

/** Logs of several machines and flushed late. */
const CLOCK_SKEW_MS = 60_000;

/** Which episodes are roots, in the order given, and under which root each of the others belongs. */
export interface Linked {
  readonly roots: readonly Episode[];
  readonly rootOf: (episode: Episode) => Episode;
}

/** Links each episode to what its signature follows, in its own services or those they depend on; the earliest wins. */
export function linkCauses(episodes: readonly Episode[], facts: StackFacts): Linked {
  const parents = new Map<Episode, Episode>();
  const rootOf = (episode: Episode): Episode => {
    const parent = parents.get(episode);
    return parent === undefined ? episode : rootOf(parent);
  };
  for (const episode of episodes) {
    const explaining = episodes.filter(
      (other) =>
        other !== episode &&
        // A chain that led back to itself would have no root.
        rootOf(other) !== episode &&
        canFollow(episode, other) &&
        !isLater(other, episode) &&
        isNear(episode, other, facts),
    );
    const parent = explaining.toSorted((left, right) => closeness(episode, right) - closeness(episode, left))[0];
    if (parent !== undefined) parents.set(episode, parent);
  }
  return { roots: episodes.filter((episode) => !parents.has(episode)), rootOf };
}

/** A consequence that names no causes may come of any fault. */
function canFollow(episode: Episode, other: Episode): boolean {
  const { kind, follows } = episode.signature;
  if (kind === "consequence" && follows === undefined) return other.signature.kind === "fault";
  return names(episode, other) !== undefined;
}

/** What happened in the same service explains more than what happened elsewhere, and a name more than a group. */
function closeness(episode: Episode, other: Episode): number {
  const isShared = episode.services.some((service) => other.services.includes(service));
  return (isShared ? 2 : 0) + (names(episode, other) === "id" ? 1 : 0);
}

function names({ signature: { follows = [] } }: Episode, { signature: { id, group, keepsDown = false } }: Episode) {
  if (follows.includes(id)) return "id";
  return follows.includes(group) || (keepsDown && follows.includes("down")) ? "kind" : undefined;
}

/** What began after the other was over did not bring it about. Consequences are often told before their cause. */
function isLater({ sightings: [first] }: Episode, { signature, sightings }: Episode): boolean {
  if (signature.kind === "consequence") return false;
  const own = first.evidence[0];
  return sightings.every(({ log, lastOffset, evidence, count }) => {
    const last = evidence.at(-1)?.time;
    // Of many lines only the first are kept with their times.
    if (own.time !== undefined && last !== undefined && count === evidence.length)
      return own.time > last + CLOCK_SKEW_MS;
    return log === first.log && own.offset > lastOffset;
  });
}

/** Without a project nobody knows who depends on whom: then all is near. */
function isNear(episode: Episode, other: Episode, facts: StackFacts): boolean {
  if (!facts.hasProject || episode.services.length === 0 || other.services.length === 0) return true;
  return episode.services.some((service) => {
    const needed = facts.dependenciesOf(service);
    return other.services.some((one) => one === service || needed.has(one));
  });
}
