import { describe, expect, it } from "vitest";
import { compareCopy, type SeenCopy } from "./compare-copy.ts";

const runs = { schema: "public", name: "runs" };
const wanted = {
  tables: [runs],
  versions: [{ schema: "public", name: "alembic_version", rows: ["7f2a7d5fae7d"], owner: "x" }],
  others: ["public.touch"],
};
const definitions = [
  { of: "public.runs", what: "column id", text: "integer not null" },
  { of: "public.runs", what: "sequence public.runs_id_seq", text: "7 true" },
  { of: "public.touch", what: "routine touch()", text: "CREATE FUNCTION ..." },
];
const before: SeenCopy = {
  checksums: [{ ...runs, rows: 7, checksum: "1" }],
  definitions: [...definitions, { of: "public.dag", what: "column dag_id", text: "text" }],
  versions: ["public.alembic_version: 405de8318b3a"],
};
const after: SeenCopy = {
  checksums: [{ ...runs, rows: 7, checksum: "1" }],
  definitions: [...definitions, { of: "public.alembic_version", what: "column version_num", text: "varchar" }],
  versions: ["public.alembic_version: 7f2a7d5fae7d"],
};
const compare = (change: Partial<SeenCopy>) => compareCopy(before, { ...after, ...change }, wanted);

describe("compareCopy", () => {
  it("finds nothing in a copy that has all of its own and nothing else", () => {
    expect(compare({})).toEqual([]);
  });

  it("tells a table that is missing, one row less, and a row that differs", () => {
    expect(compare({ checksums: [] })).toEqual(["table public.runs is missing"]);
    expect(compare({ checksums: [{ ...runs, rows: 6, checksum: "1" }] })).toEqual([
      "table public.runs has 6 rows instead of 7",
    ]);
    expect(compare({ checksums: [{ ...runs, rows: 7, checksum: "2" }] })).toEqual(["rows of table public.runs differ"]);
  });

  it("takes a list of texts for the same after a dump was restored, and no other list", () => {
    const check = { of: "public.runs", what: "constraint status" };
    const written =
      "CHECK (((s)::text = ANY ((ARRAY['a, ]'::character varying, 'it''s'::character varying])::text[])))";
    const spelled = (second: string) =>
      `CHECK (((s)::text = ANY (ARRAY[('a, ]'::character varying)::text, (${second}::character varying)::text])))`;
    const original: SeenCopy = { ...before, definitions: [...definitions, { ...check, text: written }] };
    const restored = (text: string) =>
      compareCopy(original, { ...after, definitions: [...after.definitions, { ...check, text }] }, wanted);
    expect(restored(spelled("'it''s'"))).toEqual([]);
    expect(restored(spelled("'its'"))).toHaveLength(1);
  });

  it("tells a sequence that lags behind, and a function that is gone", () => {
    const [column, , routine] = after.definitions as [(typeof definitions)[0], unknown, (typeof definitions)[0]];
    expect(
      compare({
        definitions: [column, { of: "public.runs", what: "sequence public.runs_id_seq", text: "6 true" }, routine],
      }),
    ).toEqual(['sequence public.runs_id_seq of public.runs is "6 true" instead of "7 true"']);
    expect(compare({ definitions: definitions.slice(0, 2) })).toEqual(["routine touch() of public.touch is missing"]);
  });

  it("tells what is another one's and still there", () => {
    expect(compare({ definitions: before.definitions })).toEqual([
      "column dag_id of public.dag is there and should not be",
    ]);
  });

  it("tells version rows that are not the chosen ones", () => {
    expect(compare({ versions: before.versions })).toEqual([
      "the version table is not public.alembic_version: 7f2a7d5fae7d",
    ]);
  });
});
