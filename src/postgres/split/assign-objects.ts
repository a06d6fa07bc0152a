import type { OwnerId } from "../database-verdict.ts";
import type { SplitFacts, SplitObject } from "./split-facts.ts";

/** The applications that own a table, by `schema.name`; a version table may have several. */
export type KnownTables = ReadonlyMap<string, readonly OwnerId[]>;

/** On which sides of a split each object is. */
export interface Assignment {
  /** By key. An object with no side stays in the kept original alone. */
  readonly sides: ReadonlyMap<string, ReadonlySet<OwnerId>>;
  /** Objects of no known application and nothing's part, with the side they went to. */
  readonly strangers: readonly { readonly object: SplitObject; readonly side: OwnerId | undefined }[];
  /** Tables that need tables of two sides: a foreign key from one to the other. */
  readonly torn: readonly SplitObject[];
}

/** Sequences that no column owns, by the table whose application asks them for numbers (celery/backends/database/models.py). */
const askedFor: Readonly<Record<string, string>> = {
  task_id_sequence: "celery_taskmeta",
  taskset_id_sequence: "celery_tasksetmeta",
};

/**
 * Puts each object of a database on a side. Known tables are their application's. A function, type or sequence goes where
 * it is used, to both sides if both use it. What nobody knows stays with `stays`, unless all it needs is elsewhere: then
 * it goes there; a view over tables of two sides can be on neither.
 */
export function assignObjects(
  { objects }: Pick<SplitFacts, "objects">,
  known: KnownTables,
  stays: OwnerId,
): Assignment {
  const byKey = new Map(objects.map((object) => [object.key, object]));
  const users = new Map<string, string[]>();
  for (const { key, needs } of objects) for (const need of needs) users.set(need, [...(users.get(need) ?? []), key]);
  const ownersOf = ({ schema, name }: SplitObject) => known.get(`${schema}.${name}`);
  const sides = new Map<string, ReadonlySet<OwnerId>>();
  const strangers: { object: SplitObject; side: OwnerId | undefined }[] = [];
  const torn: SplitObject[] = [];
  const place = (object: SplitObject, found: Iterable<OwnerId>): void => void sides.set(object.key, new Set(found));
  for (const object of objects.filter(isTable)) {
    const owners = ownersOf(object);
    if (owners !== undefined) place(object, owners);
    if (owners?.length === 1 && [...needed(object)].some((side) => side !== owners[0])) torn.push(object);
  }
  for (const object of objects.filter(isRelation)) if (!sides.has(object.key)) placeStranger(object, needed(object));
  for (const object of objects) {
    if (sides.has(object.key)) continue;
    const usedBy = new Set(
      reached(object.key, (key) => users.get(key) ?? []).flatMap((key) => [...(sides.get(key) ?? [])]),
    );
    const asked = known.get(`${object.schema}.${askedFor[object.name] ?? ""}`);
    if (usedBy.size > 0) place(object, usedBy);
    else if (asked !== undefined) place(object, asked);
    else placeStranger(object, needed(object));
  }
  return { sides, strangers, torn };

  function placeStranger(object: SplitObject, needs: ReadonlySet<OwnerId>): void {
    const [only] = needs;
    const side = needs.size > 1 ? undefined : (only ?? stays);
    place(object, side === undefined ? [] : [side]);
    strangers.push({ object, side });
    if (side === undefined && isTable(object)) torn.push(object);
  }

  /** The applications whose tables an object cannot be without. Version tables are everybody's. */
  function needed({ key }: SplitObject): ReadonlySet<OwnerId> {
    const tables = reached(key, (one) => byKey.get(one)?.needs ?? []).flatMap((one) => byKey.get(one) ?? []);
    const owners = tables.filter(isTable).map((table) => ownersOf(table) ?? []);
    return new Set(owners.filter(({ length }) => length === 1).flat());
  }

  /** What `next` leads to from an object, over any number of others, but not on behind a table that has an owner. */
  function reached(from: string, next: (key: string) => readonly string[]): readonly string[] {
    const seen = new Set([from]);
    const open = [...next(from)];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      const object = byKey.get(key);
      if (object === undefined || !isTable(object) || ownersOf(object) === undefined) open.push(...next(key));
    }
    seen.delete(from);
    return [...seen];
  }
}

export function isTable({ kind }: SplitObject): boolean {
  return kind === "table" || kind === "foreign table";
}

function isRelation({ kind }: SplitObject): boolean {
  return kind === "table" || kind === "foreign table" || kind === "view" || kind === "materialized view";
}
