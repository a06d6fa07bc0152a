import type { RelationName } from "../database-picture.ts";
import type { TableChecksum } from "../checksum-tables.ts";
import type { Definition } from "./read-definitions.ts";
import type { VersionRows } from "./split-steps.ts";

export interface SeenCopy {
  readonly checksums: readonly TableChecksum[];
  readonly definitions: readonly Definition[];
  /** `schema.name: revisions`. */
  readonly versions: readonly string[];
}

/** What an application's copy is to have of the original. */
export interface WantedCopy {
  readonly tables: readonly RelationName[];
  readonly versions: readonly VersionRows[];
  /** `schema.name` of what is there besides tables, key where it must be. */
  readonly others: readonly string[];
}

/** Every difference between the original and a copy, as a sentence's part; none: the copy has all of it and nothing else. */
export function compareCopy(before: SeenCopy, after: SeenCopy, wanted: WantedCopy): readonly string[] {
  return [
    ...compareRows(before, after),
    ...compareDefinitions(before, after, wanted),
    ...wanted.versions.flatMap(({ schema, name, rows }) => {
      const line = `${schema}.${name}: ${rows.toSorted().join(" ")}`;
      return after.versions.includes(line) ? [] : [`the version table is not ${line}`];
    }),
  ];
}

function compareRows(before: SeenCopy, after: SeenCopy): readonly string[] {
  const copied = new Map(after.checksums.map((one) => [key(one), one]));
  return before.checksums.flatMap((table) => {
    const copy = copied.get(key(table));
    if (copy === undefined) return [`table ${key(table)} is missing`];
    if (copy.rows !== table.rows) return [`table ${key(table)} has ${copy.rows} rows instead of ${table.rows}`];
    return copy.checksum === table.checksum ? [] : [`rows of table ${key(table)} differ`];
  });
}

function compareDefinitions(before: SeenCopy, after: SeenCopy, wanted: WantedCopy): readonly string[] {
  const names = new Set([...wanted.tables.map(key), ...wanted.others]);
  const versions = new Set(wanted.versions.map(key));
  const original = before.definitions.filter(({ of }) => names.has(of));
  const copied = new Map(after.definitions.map((one) => [`${one.of} ${one.what}`, one.text]));
  const known = new Set(original.map(({ of, what }) => `${of} ${what}`));
  return [
    ...original.flatMap(({ of, what, text }) => {
      const copy = copied.get(`${of} ${what}`);
      if (copy === undefined) return [`${what} of ${of} is missing`];
      return settleText(copy) === settleText(text)
        ? []
        : [`${what} of ${of} is ${JSON.stringify(copy)} instead of ${JSON.stringify(text)}`];
    }),
    ...after.definitions.flatMap(({ of, what }) =>
      known.has(`${of} ${what}`) || versions.has(of) ? [] : [`${what} of ${of} is there and should not be`],
    ),
  ];
}

/**
 * A list of texts, as PostgreSQL spells it after it read its own spelling: `(ARRAY['a'::character varying])::text[]`, which
 * `IN ('a')` on a varchar column becomes, is `ARRAY[('a'::character varying)::text]` once a dump of it was restored.
 */
function settleText(definition: string): string {
  return definition.replace(castList, (_, list: string, type: string) => {
    const elements = list.match(element) ?? [];
    return `ARRAY[${elements.map((one) => `(${one})::${type}`).join(", ")}]`;
  });
}

const element = /E?'(?:[^']|'')*'::[a-z ]+(?:\(\d+\))?/g;
const castList = new RegExp(`\\(ARRAY\\[((?:${element.source}(?:, )?)+)\\]\\)::([a-z ]+)\\[\\]`, "g");

function key({ schema, name }: RelationName): string {
  return `${schema}.${name}`;
}
