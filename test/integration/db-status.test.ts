import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import type { DatabasePicture } from "../../src/postgres/database-picture.ts";
import { inspectDatabase } from "../../src/postgres/inspect-database.ts";
import { inspectServer } from "../../src/postgres/inspect-server.ts";
import { judgeDatabase } from "../../src/postgres/judge-database.ts";
import { openReadSession } from "../../src/postgres/open-read-session.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(17);
});

afterAll(() => server[Symbol.asyncDispose]());

const access = (role?: string): Pick<ServerAccess, "connect"> => ({
  connect: (database) => server.connect(database, role),
});

async function inspect(database: string, options: { exact?: boolean; role?: string } = {}): Promise<DatabasePicture> {
  const session = await openReadSession(access(options.role), database, new AbortController().signal);
  try {
    return await inspectDatabase(session, { exact: options.exact ?? false });
  } finally {
    await session.close();
  }
}

async function make(database: string, sql: string, properties = ""): Promise<string> {
  await server.query(
    "postgres",
    `create database "${database.replaceAll('"', '""')}" template template0 ${properties}`,
  );
  await server.query(database, sql);
  return database;
}

const latin = "encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' locale_provider libc";
const ascii = "encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' locale_provider libc";

describe("inspectDatabase", () => {
  it("reads what is there, by schema, with owners", async () => {
    await server.createRole("app");
    const database = await make(
      "everything",
      `create schema side authorization app;
       create table side.runs (id serial primary key, parent int references side.runs on delete cascade, kind text check (kind <> ''));
       insert into side.runs (kind) values ('a'), ('b');
       alter table side.runs owner to app;
       create index by_kind on side.runs (kind);
       create view seen as select * from side.runs;
       create sequence alone;
       create type mood as enum ('ok');
       create function side.twice(int) returns int language sql as 'select $1 * 2';
       create function side.stop() returns trigger language plpgsql as 'begin return null; end';
       create trigger guard before delete on side.runs for each row execute function side.stop();
       create extension hstore;
       create table side.alembic_version_x (version_num varchar(32));
       insert into side.alembic_version_x values ('b2'), ('a1'), (null);
       select lo_create(0);
       alter database everything set search_path = "$user", side, "Odd, name";`,
    );
    const picture = await inspect(database, { exact: true });
    const runs = picture.tables.find(({ name }) => name === "runs");
    expect(runs).toMatchObject({
      schema: "side",
      owner: "app",
      columns: [
        { name: "id", type: "integer", nullable: false },
        { name: "parent", type: "integer", nullable: true },
        { name: "kind", type: "text", nullable: true },
      ],
      indexes: ["by_kind", "runs_pkey"],
      constraints: [
        { name: "runs_kind_check", kind: "check", onDelete: undefined },
        { name: "runs_parent_fkey", kind: "foreign key", onDelete: "cascade" },
        { name: "runs_pkey", kind: "primary key", onDelete: undefined },
      ],
      estimatedRows: 2,
      rows: 2,
    });
    expect(runs?.bytes).toBeGreaterThan(8192);
    expect(picture).toMatchObject({
      name: "everything",
      encoding: "UTF8",
      views: [{ schema: "public", name: "seen" }],
      versionTables: [{ schema: "side", name: "alembic_version_x", rows: ["", "a1", "b2"], unreadable: undefined }],
      sequences: [
        { schema: "public", name: "alone", ownedBy: undefined },
        { schema: "side", name: "runs_id_seq", ownedBy: { schema: "side", name: "runs", column: "id" } },
      ],
      routines: [{ name: "stop" }, { name: "twice" }],
      triggers: [{ schema: "side", table: "runs", name: "guard" }],
      types: [{ name: "mood" }],
      extensions: [{ name: "hstore", schema: "public" }],
      largeObjects: 1,
      sessions: [],
      searchedSchemas: ["$user", "side", "Odd, name"],
    });
    expect(picture.schemas.map(({ name }) => name)).toEqual(["public", "side"]);
  });

  it.each([
    ["UTF8", `we "said" it's; здесь`, ""],
    ["LATIN1", "naïve", latin],
    ["SQL_ASCII", "bytes", ascii],
  ])("reads names of any kind in a database of %s", async (encoding, name, properties) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const database = await make(
      `${name} db`,
      `create schema ${quoted}; create table ${quoted}.${quoted} (${quoted} int);
       create table ${quoted}.alembic_version (version_num text); insert into ${quoted}.alembic_version values ('x');`,
      properties,
    );
    const picture = await inspect(database, { exact: true });
    expect(picture).toMatchObject({ encoding });
    expect(picture.tables.find((table) => table.name === name)).toMatchObject({
      schema: name,
      columns: [{ name, type: "integer" }],
      rows: 0,
    });
    expect(picture.versionTables).toMatchObject([{ schema: name, rows: ["x"] }]);
  });

  it("tells what a migration holds locked as unknown, and does not wait for it", async () => {
    const database = await make(
      "locked",
      `create table alembic_version (version_num text); insert into alembic_version values ('x');
       create table tags (key text, value text, run_uuid text); create table free (id int);`,
    );
    const holder = await server.connect(database);
    await holder.query("begin");
    await holder.query("lock table alembic_version, tags in access exclusive mode");
    // It would wait as long as the test does.
    const picture = await inspect(database, { exact: true });
    expect(picture.versionTables).toMatchObject([{ rows: [], unreadable: "a running migration holds it locked" }]);
    expect(picture.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ["alembic_version", undefined],
      ["free", 0],
      ["tags", undefined],
    ]);
    expect(picture.sessions).toMatchObject([{ role: "postgres", state: "idle in transaction" }]);
    await holder.close();
  });

  it("tells what a role may not read, and changes nothing", async () => {
    await server.createRole("guest");
    const database = await make(
      "forbidden",
      "create table alembic_version (version_num text); create table tags (key text, value text, run_uuid text);",
    );
    const picture = await inspect(database, { role: "guest" });
    expect(picture.versionTables).toMatchObject([{ rows: [], unreadable: "the role may not read it" }]);
    expect(picture.tables.find(({ name }) => name === "tags")).toMatchObject({ rows: undefined, owner: "postgres" });
    expect(judgeDatabase(picture)).toMatchObject({ state: null, certain: false });
    const session = await openReadSession(access(), database, new AbortController().signal);
    await expect(session.query("create table x ()")).rejects.toMatchObject({ code: "25006" });
    await session.close();
  });

  it("measures what is large or unknown, and takes the estimate of the rest and of what is locked", async () => {
    const database = await make(
      "sizes",
      `create table large with (autovacuum_enabled = off)
         as select i, repeat('x', 200) as text from generate_series(1, 20000) i;
       create table small (id int primary key) with (autovacuum_enabled = off);
       insert into small select generate_series(1, 100);
       create table unknown with (autovacuum_enabled = off) as select generate_series(1, 100) as id;
       analyze large; analyze small;
       insert into large select i, repeat('y', 200) from generate_series(1, 20000) i;
       insert into small select generate_series(101, 2000);`,
    );
    const sizes = await server.query(
      database,
      `select relname::text as name, pg_total_relation_size(oid)::int as bytes from pg_class
       where relname in ('large', 'small', 'unknown')`,
    );
    const real = new Map(sizes.map(({ name, bytes }) => [name, Number(bytes)]));
    const bytesOf = (picture: DatabasePicture) => new Map(picture.tables.map(({ name, bytes }) => [name, bytes]));
    const seen = bytesOf(await inspect(database));
    expect(seen.get("large")).toBe(real.get("large"));
    expect(seen.get("unknown")).toBe(real.get("unknown"));
    expect(seen.get("small")).toBeGreaterThan(0);
    expect(seen.get("small")).toBeLessThan(real.get("small") ?? 0);
    const holder = await server.connect(database);
    await holder.query("begin; lock table large in access exclusive mode");
    const estimate = bytesOf(await inspect(database)).get("large") ?? 0;
    await holder.close();
    expect(estimate).toBeGreaterThan(1_000_000);
    expect(estimate).toBeLessThan(real.get("large") ?? 0);
  });

  it("has a session that changes nothing and waits for nobody for long", async () => {
    const session = await openReadSession(access(), "postgres", new AbortController().signal);
    const names = ["default_transaction_read_only", "statement_timeout", "lock_timeout", "search_path", "jit"];
    const [found] = await session.query(
      `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`,
    );
    await session.close();
    expect(found).toEqual({
      default_transaction_read_only: "on",
      statement_timeout: "30s",
      lock_timeout: "1s",
      search_path: "pg_catalog",
      jit: "off",
    });
  });

  it("reads version tables that are none", async () => {
    const database = await make(
      "odd",
      "create table alembic_version (revision int); create table alembic_version_old as select 7 as version_num; create view alembic_version_seen as select 1;",
    );
    expect((await inspect(database)).versionTables).toMatchObject([
      { name: "alembic_version", rows: [], unreadable: "it has no column version_num" },
      { name: "alembic_version_old", rows: ["7"], unreadable: undefined },
    ]);
  });

  it("reads 10,000 tables without much computing", async () => {
    const database = await make(
      "many",
      "do $$ begin for i in 1..10000 loop execute format('create table t%s (id int)', i); if i % 500 = 0 then commit; end if; end loop; end $$",
    );
    const before = process.cpuUsage().user;
    const picture = await inspect(database);
    const verdict = judgeDatabase(picture);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(10);
    expect(picture.tables).toHaveLength(10_000);
    expect(verdict.strangers).toHaveLength(10_000);
  });
});

describe("inspectServer", () => {
  it("lists databases, those that let nobody in too", async () => {
    await server.query("postgres", "create database kept template template0");
    await server.query("postgres", "alter database kept allow_connections false");
    await server.query("postgres", "comment on database kept is 'of before'");
    const session = await openReadSession(access(), "postgres", new AbortController().signal);
    const picture = await inspectServer(session);
    await session.close();
    expect(picture.version).toBeGreaterThanOrEqual(170_000);
    expect(picture).toMatchObject({ inRecovery: false });
    expect(picture.systemIdentifier).toMatch(/^\d+$/);
    const kept = picture.databases.find(({ name }) => name === "kept");
    expect(kept).toMatchObject({ allowsConnections: false, isTemplate: false, comment: "of before" });
    expect(kept?.bytes).toBeGreaterThan(1_000_000);
  });
});
