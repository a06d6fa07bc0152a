import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checksumTables } from "../../src/postgres/checksum-tables.ts";
import type { SqlSession } from "../../src/ports/sql.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

describe.each([13, 17])("checksums of tables on PostgreSQL %i", (major) => {
  let server: TestServer;
  let sessions: readonly SqlSession[];
  beforeAll(async () => {
    server = await startTestServer(major);
    sessions = [await server.connect(), await server.connect()];
  });
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.close()));
    await server[Symbol.asyncDispose]();
  });

  const query = (text: string) => server.query("postgres", text);
  const sums = async (...names: readonly string[]) => {
    const found = await checksumTables(
      sessions,
      names.map((name) => ({ schema: "public", name })),
    );
    return found.map(({ rows, checksum }) => `${rows} ${checksum}`);
  };
  const sum = async (name: string) => (await sums(name))[0];
  /** Fills a table of two columns anew and gives its checksum. */
  const of = async (type: string, ...values: readonly string[]) => {
    await query(`drop table if exists one; create table one (id int, value ${type})`);
    for (const value of values) await query(`insert into one values (1, ${value})`);
    return sum("one");
  };

  it("is the same for the same rows in another order, in another table", async () => {
    await query(`
      create table forth as select i, md5(i::text) as text from generate_series(1, 20000) i;
      create table back as select i, md5(i::text) as text from generate_series(20000, 1, -1) i`);
    const [forth, back] = await sums("forth", "back");
    expect(forth).toMatch(/^20000 -?\d{15,}$/);
    expect(back).toBe(forth);
  });

  it("tells apart what a careless text would not", async () => {
    expect(await of("text", "null")).not.toBe(await of("text", "'NULL'"));
    expect(await of("text", "null")).not.toBe(await of("text", "''"));
    expect(await of("text", "'a'", "'a'")).not.toBe(await of("text", "'a'"));
    expect(await of("text", "'a'", "'a'")).not.toBe(await of("text", "'b'", "'b'"));
    expect(await of("text[]", "array['NULL']")).not.toBe(await of("text[]", "array[null]"));
    expect(await of("text[]", "array['a,b']")).not.toBe(await of("text[]", "array['a','b']"));
    expect(await of("json", `'{"a": 1}'`)).not.toBe(await of("json", `'{"a":1}'`));
    expect(await of("float8", "0.1::float8 + 0.2::float8")).not.toBe(await of("float8", "0.3"));
    expect(await of("numeric", "1.0")).not.toBe(await of("numeric", "1.00"));
    expect(await of("float8", "'NaN'")).not.toBe(await of("float8", "null"));
    expect(await of("bytea", String.raw`'\x00ff'`)).not.toBe(await of("bytea", String.raw`'\x00fe'`));
  });

  it("tells apart values that changed places, in a row and between rows", async () => {
    const rows = [
      "(1, 'a', 'b'), (2, 'c', 'd')",
      "(2, 'a', 'b'), (1, 'c', 'd')",
      "(1, 'b', 'a'), (2, 'c', 'd')",
      "(1, 'a', 'd'), (2, 'c', 'b')",
      "(1, null, 'b'), (2, 'c', 'd')",
      "(1, 'b', null), (2, 'c', 'd')",
      "(1, '', 'b'), (2, 'c', 'd')",
      "(1, null, null), (2, 'c', 'd')",
      "(1, 'a', 'a'), (2, 'c', 'd')",
    ];
    const found = [];
    for (const values of rows) {
      await query(`drop table if exists moved; create table moved (id bigint, one text, other varchar(9))`);
      await query(`insert into moved values ${values}`);
      found.push(await sum("moved"));
    }
    expect(new Set(found).size).toBe(rows.length);
  });

  it("tells apart what a type's own hash takes for equal", async () => {
    const long = ["1", "1::bigint << 32", "-1", "-1 - (1::bigint << 32)", "(1::bigint << 32) + 1", "0"];
    const sumsOf = async (type: string, values: readonly string[]) => {
      const found = [];
      for (const value of values) found.push(await of(type, value));
      return found;
    };
    expect(new Set(await sumsOf("bigint", long)).size).toBe(long.length);
    const at = ["epoch", "1970-01-01 01:11:34.967296Z"].map((text) => `'${text}'`);
    expect(new Set(await sumsOf("timestamptz", at)).size).toBe(at.length);
    expect(new Set(await sumsOf("float8", ["0", "'-0'"])).size).toBe(2);
    expect(new Set(await sumsOf("jsonb", ["'[1.0]'", "'[1.00]'"])).size).toBe(2);
    expect(new Set(await sumsOf("char(3)", ["''", "null"])).size).toBe(2);
  });

  it("reads the bytes of a text whatever its collation, and as many columns as a table can have", async () => {
    await query(
      "drop collation if exists careless; create collation careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    );
    const careless = await of("text collate careless", "'a'");
    expect(careless).not.toBe(await of("text collate careless", "'A'"));
    expect(careless).toBe(await of("text", "'a'"));
    const columns = Array.from({ length: 1600 }, (_, at) => `c${at} text`);
    await query(`create table wide (${columns.join(", ")}); insert into wide (c0, c1599) values ('a', 'b')`);
    const wide = await sum("wide");
    await query("update wide set c1599 = 'c'");
    expect(await sum("wide")).not.toBe(wide);
  });

  it("notices one changed byte in a toasted value, one lost row and one row more", async () => {
    await query(`
      create table big as select i, (select string_agg(md5((i * j)::text), '') from generate_series(1, 3000) j) as text
        from generate_series(1, 60) i`);
    const before = await sum("big");
    await query("begin; update big set text = overlay(text placing '_' from 50000 for 1) where i = 30; commit");
    const changed = await sum("big");
    await query("delete from big where i = 1");
    const less = await sum("big");
    await query("insert into big select * from big where i = 2");
    expect(new Set([before, changed, less, await sum("big")]).size).toBe(4);
  });

  it("knows types that have no hash, generated columns and inherited tables", async () => {
    await query(`
      create type kind as enum ('a', 'b');
      create type pair as (x int, y text);
      create table every (id int, a json, b xml, c point, d kind, e pair[], f interval, g timestamptz, h bit(5), i tsvector,
        j money, k int4range, l text generated always as (id::text || '!') stored);
      insert into every values (1, '[1]', '<a/>', '(1,2)', 'b', array[(1, 'x,"y"')::pair], '1 day 2 h', '2020-01-01 00:00+05',
        B'10101', 'a fat cat'::tsvector, 12.5, '[1,5)');
      create table parent (id int); create table child () inherits (parent);
      insert into child values (1); insert into parent values (2), (3);
      create table bare ()`);
    expect((await sum("every"))?.split(" ")[0]).toBe("1");
    expect((await sums("parent", "child", "bare")).map((one) => one.split(" ")[0])).toEqual(["2", "1", "0"]);
  });

  it("does not depend on the session's settings", async () => {
    await query(`create table times as select '2020-06-01 12:00+00'::timestamptz as at, '1 mon 2 days'::interval as for,
      1.1::float8 as f, '\\x00'::bytea as b`);
    const before = await sum("times");
    for (const session of sessions) {
      await session.query(`set timezone = 'Asia/Kolkata'; set datestyle = 'SQL, DMY'; set intervalstyle = 'iso_8601';
        set extra_float_digits = -5; set bytea_output = 'escape'; set search_path = public`);
    }
    expect(await sum("times")).toBe(before);
  });

  it("takes many tables in few statements, with any names, each for itself", async () => {
    const names = [...Array.from({ length: 120 }, (_, i) => `many ${i}`), `"quo'ted"`, "größe", "bulkhead's row"];
    await query(
      names
        .map(
          (name, i) =>
            `create table "${name.replaceAll('"', '""')}" as select 1 as "bulkhead" from generate_series(1, ${i})`,
        )
        .join(";"),
    );
    expect((await sums(...names)).map((one) => Number(one.split(" ")[0]))).toEqual(names.map((_, i) => i));
    expect(await checksumTables(sessions, [])).toEqual([]);
  });

  it("says when a table is locked instead of waiting for ever", async () => {
    await query("create table locked (id int)");
    const holder = await server.connect();
    try {
      await holder.query("begin; lock table locked in access exclusive mode");
      for (const session of sessions) await session.query("set lock_timeout = '100ms'");
      await expect(sum("locked")).rejects.toMatchObject({ code: "55P03" });
    } finally {
      await holder.close();
    }
  });
});

it("is the same on 13 and 17", async () => {
  const results = [];
  for (const major of [13, 17]) {
    await using server = await startTestServer(major);
    await server.query(
      "postgres",
      `create table one as select i, i / 7.0 as n, i / 7.0::float8 as f, 'é' || i as t, now() - now() as d,
        json_build_object('a', i) as j, decode(md5(i::text), 'hex') as b from generate_series(1, 500) i`,
    );
    const session = await server.connect();
    results.push(await checksumTables([session], [{ schema: "public", name: "one" }]));
    await session.close();
  }
  expect(results[0]).toEqual(results[1]);
});
