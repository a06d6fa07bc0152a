import type { DatabasePicture } from "../database-picture.ts";
import type { OwnerId } from "../database-verdict.ts";
import { chooseOwner } from "./choose-owner.ts";
import type { PreparedSplit } from "./prepare-split.ts";
import type { SplitFacts } from "./split-facts.ts";
import type { SplitSide } from "./split-request.ts";

/** What a split will do, for people and `--json`. Sizes in bytes. */
export interface SplitSummary {
  readonly database: string;
  /** What the original is called until it is removed. */
  readonly keptAs: string;
  /** Where a dump of the original goes; null: none is made. */
  readonly dump: string | null;
  readonly bytes: number;
  /** What the server has to have free. */
  readonly diskBytes: number;
  readonly seconds: number;
  readonly sides: readonly SideSummary[];
  /** Objects of no known application, with the side they go to; null: they are in the kept original alone. */
  readonly strangers: readonly { readonly name: string; readonly side: OwnerId | null }[];
  readonly largeObjects: number;
  readonly warnings: readonly { readonly message: string; readonly hint: string }[];
}

export interface SideSummary {
  readonly part: OwnerId;
  /** True for the one that keeps the database's name. */
  readonly stays: boolean;
  readonly database: string;
  readonly service: string | null;
  readonly role: string;
  readonly tables: number;
  readonly bytes: number;
  /** Five empty tables that a failed start left: they go. */
  readonly isSkeleton: boolean;
  readonly revisions: readonly { readonly table: string; readonly revision: string; readonly evidence: string }[];
}

/** Bytes a second on two cores and a disk of today, measured on 828 MB: a server's own copy, a comparison, a stream. */
const [copied, compared, streamed] = [500e6, 120e6, 90e6];

export function summarizeSplit(
  facts: SplitFacts,
  picture: DatabasePicture,
  { parts, assignment }: Pick<PreparedSplit, "parts" | "assignment">,
  sides: readonly SplitSide[],
  { keptAs, dump }: { readonly keptAs: string; readonly dump: string | undefined },
): SplitSummary {
  const { database } = facts;
  const copies = sides.filter(({ isEmpty }) => !isEmpty);
  const there = copies.filter(({ service }) => service !== undefined);
  const sizeOf = new Map(picture.tables.map(({ schema, name, bytes }) => [`${schema}.${name}`, bytes]));
  const summaries = sides.map((side): SideSummary => {
    const part = parts.find(({ id }) => id === side.part);
    const tables = part?.shares.flatMap((share) => share.tables) ?? [];
    return {
      part: side.part,
      stays: side === sides[0],
      database: side.database,
      service: side.service ?? null,
      role: chooseOwner(facts, assignment, side),
      tables: tables.length,
      bytes: tables.reduce((sum, { schema, name }) => sum + (sizeOf.get(`${schema}.${name}`) ?? 0), 0),
      isSkeleton: side.isEmpty,
      revisions: part?.chosen ?? [],
    };
  });
  const moving = there.length * Math.max(0, ...summaries.map(({ bytes }) => bytes));
  return {
    database: database.name,
    keptAs,
    dump: dump ?? null,
    bytes: database.bytes,
    diskBytes: database.bytes * copies.length,
    seconds: Math.ceil(
      1 + (database.bytes * copies.length) / copied + (database.bytes * 2) / compared + moving / streamed,
    ),
    sides: summaries,
    strangers: assignment.strangers.map(({ object, side }) => ({
      name: `${object.kind} ${object.identity}`,
      side: side ?? null,
    })),
    largeObjects: facts.largeObjects,
    warnings: warningsOf(facts, summaries),
  };
}

function warningsOf(facts: SplitFacts, sides: readonly SideSummary[]): SplitSummary["warnings"] {
  const here = sides.filter(({ service }) => service === null);
  return here.flatMap(({ role, part, database }) => {
    const found = facts.roles.find(({ name }) => name === role);
    const shared = here.some((other) => other.part !== part && other.role === role);
    if (found?.isSuperuser === true) {
      return [
        {
          message: `${role}, the role of ${part}, is a superuser: no database is closed to it.`,
          hint: `Give ${part} an ordinary role: psql -c 'CREATE ROLE ${part.replace("-", "_")} LOGIN PASSWORD ...' and let it own ${database}.`,
        },
      ];
    }
    if (!shared) return [];
    return [
      {
        message: `${role} is the role of more than one application: it may connect to the databases of all.`,
        hint: `Give ${part} a role of its own: bulkhead db split --role ${part.replace("-", "_")}`,
      },
    ];
  });
}
