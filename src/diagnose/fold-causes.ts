import type { Collected } from "./collect-sightings.ts";
import { fillCure, fillNames, type Names } from "./fill-names.ts";
import { judgeSighting, type JudgedSighting } from "./judge-sighting.ts";
import { linkCauses } from "./link-causes.ts";
import type { Evidence, Sighting } from "./sighting.ts";
import type { CureStep, Signature, SignatureGroup } from "./signature.ts";
import type { StackFacts } from "./stack-facts.ts";

/** Something the logs tell, with its names filled in. Evidence is as written: mask it before it is shown. */
export interface Symptom {
  readonly signature: string;
  readonly services: readonly string[];
  readonly what: string;
  readonly count: number;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** A root cause and what came of it. */
export interface Cause extends Symptom {
  readonly group: SignatureGroup;
  readonly confidence: "certain" | "likely";
  readonly why: string;
  readonly cure: readonly CureStep[];
  readonly names: Names;
  readonly part: Signature["part"];
  readonly sources: readonly string[];
  readonly consequences: readonly Symptom[];
}

export interface Folded {
  /** Roots, the earliest first. */
  readonly causes: readonly Cause[];
  /** Known consequences whose cause is not in the logs. */
  readonly unexplained: readonly Symptom[];
  /** Faults that ended while the logs were written: their service answered afterwards. */
  readonly over: readonly Symptom[];
  /** What looks like an error and is none. */
  readonly noise: readonly Symptom[];
}

/** One finding of the logs: a signature with the same names, in however many services. */
export interface Episode {
  readonly signature: Signature;
  readonly names: Names;
  readonly confidence: "certain" | "likely";
  readonly services: readonly string[];
  readonly sightings: readonly [Sighting, ...Sighting[]];
  readonly isOver: boolean;
}

/**
 * Folds what was seen into root causes and their consequences: a fault is a consequence where its signature names another
 * fault of its own service or of one it depends on; the earliest root comes first.
 */
export function foldCauses(collected: Collected, signatures: readonly Signature[], facts: StackFacts): Folded {
  const { sightings } = collected;
  const byId = new Map(signatures.map((signature) => [signature.id, signature]));
  const judged = sightings.flatMap((sighting) => {
    const signature = byId.get(sighting.signature);
    return signature === undefined ? [] : (judgeSighting(sighting, signature, collected, facts) ?? []);
  });
  const order = orderOf(sightings);
  const episodes = gather(judged, sightings, order).toSorted((left, right) =>
    order(left.sightings[0], right.sightings[0]),
  );
  const lasting = episodes.filter((one) => !one.isOver);
  const { roots, rootOf } = linkCauses(
    lasting.filter(({ signature }) => signature.kind === "fault" || signature.kind === "consequence"),
    facts,
  );
  return {
    causes: roots
      .filter(({ signature }) => signature.kind === "fault")
      .map((root) => ({
        ...symptom(root),
        group: root.signature.group,
        confidence: root.confidence,
        why: fillNames(root.signature.why, root.names),
        cure: root.signature.cure.map((step) => fillCure(step, root.names)),
        names: root.names,
        part: root.signature.part,
        sources: root.signature.sources,
        consequences: lasting.filter((one) => one !== root && rootOf(one) === root).map(symptom),
      })),
    unexplained: roots.filter(({ signature }) => signature.kind === "consequence").map(symptom),
    over: episodes.filter((one) => one.isOver && one.signature.kind !== "noise").map(symptom),
    noise: episodes.filter(({ signature }) => signature.kind === "noise").map(symptom),
  };
}

/** The same thing in several services, or told with more and with fewer names, is told once. */
function gather(
  judged: readonly JudgedSighting[],
  all: readonly Sighting[],
  order: (left: Sighting, right: Sighting) => number,
): Episode[] {
  const groups: JudgedSighting[][] = [];
  // Those with the most names first, so that the others find theirs.
  for (const one of judged.toSorted((left, right) => nameCount(right) - nameCount(left))) {
    const group = groups.find(([first]) => first !== undefined && isSame(first, one));
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return groups.flatMap((group): Episode[] => {
    const [first] = group;
    const [sighting, ...further] = group.map((one) => one.sighting).toSorted(order);
    if (first === undefined || sighting === undefined) return [];
    const services = [...new Set(group.flatMap((one) => one.sighting.service ?? []))];
    const named = speakers(services, first);
    return [
      {
        signature: first.signature,
        // The server's own line knows who it is, the client's which host it asked.
        names: {
          ...Object.assign({}, ...group.toReversed().map(({ names }) => names)),
          ...(named.length === 0 ? {} : { service: listed(named) }),
        },
        confidence: group.some(({ confidence }) => confidence === "certain") ? "certain" : "likely",
        services,
        sightings: [sighting, ...further],
        isOver: group.every((one) => hasEnded(one, all)),
      },
    ];
  });
}

function nameCount({ own }: JudgedSighting): number {
  return Object.keys(own).length;
}

function isSame(fuller: JudgedSighting, one: JudgedSighting): boolean {
  return (
    fuller.signature === one.signature && Object.entries(one.own).every(([name, value]) => fuller.own[name] === value)
  );
}

/** PostgreSQL's own log tells of a failure that a client had: then the clients are who it happened to. */
function speakers(services: readonly string[], { names, signature }: JudgedSighting): readonly string[] {
  const clients = services.filter((service) => service !== names["server"]);
  return signature.part !== undefined && clients.length > 0 ? clients : services;
}

/** What keeps a service from starting is over when it is at work. */
const startGroups: ReadonlySet<SignatureGroup> = new Set(["alembic", "network", "packages"]);
const atWork = ["airflow-serving", "mlflow-serving"];

/** Whether the service told afterwards that all is well. */
function hasEnded({ signature, sighting }: JudgedSighting, all: readonly Sighting[]): boolean {
  const { endsWith = startGroups.has(signature.group) ? atWork : [] } = signature;
  return all.some(
    (one) =>
      endsWith.includes(one.signature) &&
      one.service === sighting.service &&
      one.log === sighting.log &&
      one.lastOffset > sighting.lastOffset,
  );
}

/** By time; lines without one keep their order in their log, and come last. */
function orderOf(sightings: readonly Sighting[]): (left: Sighting, right: Sighting) => number {
  const logs = [...new Set(sightings.map(({ log }) => log))];
  const timeOf = ({ evidence: [{ time }] }: Sighting) => time ?? Number.MAX_SAFE_INTEGER;
  return (left, right) =>
    timeOf(left) - timeOf(right) ||
    logs.indexOf(left.log) - logs.indexOf(right.log) ||
    left.evidence[0].offset - right.evidence[0].offset;
}

function symptom({ signature, services, names, sightings }: Episode): Symptom {
  const [first] = sightings;
  return {
    signature: signature.id,
    services,
    what: fillNames(signature.what, names),
    count: sightings.reduce((sum, { count }) => sum + count, 0),
    evidence: [first.evidence[0], ...sightings.slice(1, 3).map((one) => one.evidence[0])],
  };
}

function listed(services: readonly string[]): string {
  return services.length < 2 ? (services[0] ?? "") : `${services.slice(0, -1).join(", ")} and ${services.at(-1)}`;
}
