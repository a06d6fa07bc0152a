import type { Ports } from "../../ports/ports.ts";
import type { Plan } from "../../plan/step.ts";
import type { DatabasePicture } from "../database-picture.ts";
import type { DatabaseVerdict, OwnerId } from "../database-verdict.ts";
import { assertSplittable } from "./assert-splittable.ts";
import { planSplit } from "./plan-split.ts";
import { prepareSplit, type PreparedPart } from "./prepare-split.ts";
import type { SplitFacts } from "./split-facts.ts";
import type { ProjectParts, SplitSide } from "./split-request.ts";
import { summarizeSplit, type SplitSummary } from "./summarize-split.ts";

/** A database as it was found. */
export interface SplitSubject {
  /** What its server is called. */
  readonly label: string;
  readonly picture: DatabasePicture;
  readonly verdict: DatabaseVerdict;
  readonly facts: SplitFacts;
}

/** Where a part that leaves goes. */
export interface Destination {
  readonly database: string;
  readonly role: string | undefined;
  readonly service: string | undefined;
  /** That server is there already, with databases of others. */
  readonly isServerThere?: boolean;
}

export interface NewSplit {
  /** The application that leaves; undefined: who the database is not named after. */
  readonly leaves: OwnerId | undefined;
  readonly destination: (part: PreparedPart, facts: SplitFacts) => Destination;
  readonly terminate: boolean;
  /** Also dump the original; another server gets a dump in any case. */
  readonly backup: boolean;
  /** Directory of backups, absolute. */
  readonly backups: string;
  /** Directory of journals, absolute. */
  readonly journals: string;
  readonly project: ((sides: readonly SplitSide[]) => ProjectParts) | undefined;
}

export interface PlannedSplit {
  readonly plan: Plan;
  readonly summary: SplitSummary;
}

/**
 * The plan that separates a database, and what it will do. Undefined: nothing has to be separated or repaired.
 *
 * @throws ToolError SPLIT_REFUSED, VERSION_UNKNOWN with what to do; nothing was changed
 */
export function planNewSplit(
  io: Pick<Ports, "clock" | "random">,
  { label, picture, verdict, facts }: SplitSubject,
  wanted: NewSplit,
): PlannedSplit | undefined {
  const prepared = prepareSplit(picture, verdict, facts, wanted.leaves);
  const [first, ...others] = prepared?.parts ?? [];
  if (prepared === undefined || first === undefined) return undefined;
  const { name } = facts.database;
  const stays = sideOf(first, { database: name, role: undefined, service: undefined });
  const sides = [stays, ...others.map((part) => sideOf(part, wanted.destination(part, facts)))] as const;
  assertSplittable(label, facts, sides);
  const id = newId(io);
  const keptAs = freeName(`${name}_before_split`, facts.databases);
  const wantsDump = wanted.backup || sides.some(({ service }) => service !== undefined);
  const dump = wantsDump ? `${wanted.backups}/${id}` : undefined;
  const plan = planSplit({
    id,
    facts,
    assignment: prepared.assignment,
    versionTables: prepared.versionTables,
    sides,
    keptAs,
    dump,
    journal: `${wanted.journals}/${id}.jsonl`,
    terminate: wanted.terminate,
    project: wanted.project?.(sides),
  });
  return { plan, summary: summarizeSplit(facts, picture, prepared, sides, { keptAs, dump }) };
}

function sideOf({ id, versions, isSkeleton }: PreparedPart, destination: Destination): SplitSide {
  return { part: id, versions, isEmpty: isSkeleton, ...destination };
}

/** `split-20261123T101500-1a2b3c4d`. */
function newId({ clock, random }: Pick<Ports, "clock" | "random">): string {
  const time = new Date(clock.now()).toISOString().replace(/[-:]|\..*$/g, "");
  return `split-${time}-${Buffer.from(random.bytes(4)).toString("hex")}`;
}

/** Within the 63 bytes of a PostgreSQL name. */
function freeName(wanted: string, taken: readonly string[]): string {
  for (let at = 1; ; at++) {
    const end = at === 1 ? "" : `_${at}`;
    const name = cutBytes(wanted, 63 - end.length) + end;
    if (!taken.includes(name)) return name;
  }
}

function cutBytes(text: string, bytes: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > bytes) cut = cut.replace(/.(_before_split)?$/su, "$1");
  return cut;
}
