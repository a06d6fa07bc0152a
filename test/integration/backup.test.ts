import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checksumTables } from "../../src/postgres/checksum-tables.ts";
import { backUpTo, openLabAccess, restoreFrom } from "../helpers/backup-lab.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

/** Everything a dump may lose: odd names, types without a hash, large objects, owners, grants, settings, sequences. */
const content = `
  create schema "my schema"; create type kind as enum ('a', 'b');
  create table "my schema"."größe ""x""" (id serial primary key, j json, x xml, k kind, b bytea, t text, a text[]);
  insert into "my schema"."größe ""x""" (j, x, k, b, t, a)
    select json_build_object('i', i), '<a/>', 'b', decode(md5(i::text), 'hex'), nullif(i % 3, 0)::text, array['NULL', null, 'a,b']
    from generate_series(1, 500) i;
  create table alembic_version (version_num varchar(32) primary key); insert into alembic_version values ('405de8318b3a');
  create table dag (dag_id text primary key); insert into dag values ('one');
  create view dags as select * from dag; create materialized view kept_dags as select * from dag;
  create function answer() returns int language sql as 'select 42';
  alter table dag owner to app; grant select on dag to reader; select lo_from_bytea(0, 'large');
  select setval('"my schema"."größe ""x""_id_seq"', 7777)`;

/** One of each major for all tests: a start takes longer than any of them. */
const servers = new Map<number, TestServer>();

beforeAll(async () => {
  for (const major of [13, 17]) servers.set(major, await startTestServer(major));
});
afterAll(() => Promise.all([...servers.values()].map((server) => server[Symbol.asyncDispose]())));

function serverOf(major: number): TestServer {
  const server = servers.get(major);
  if (server === undefined) throw new Error(`no server of ${major}`);
  return server;
}

// The first finds no roles on 17: they are the ones that a restore makes.
describe.each([
  [13, 17],
  [13, 13],
  [17, 17],
])("a backup of PostgreSQL %i, restored to %i", (fromMajor, intoMajor) => {
  let from: TestServer;
  let into: TestServer;
  let directory: TemporaryDirectory;
  let file: string;
  const name = `air'flow "${fromMajor}" é ${intoMajor}`;

  beforeAll(async () => {
    from = serverOf(fromMajor);
    into = serverOf(intoMajor);
    directory = await createTemporaryDirectory();
    file = join(directory.path, "backup.tar");
    await from.createRole("app");
    await from.createRole("reader");
    await from.query("postgres", `create database ${quoted(name)} owner app`);
    await from.query(name, content);
    await from.query(
      "postgres",
      `comment on database ${quoted(name)} is 'it''s mine'; revoke connect on database ${quoted(name)} from public;
       grant connect on database ${quoted(name)} to reader; alter database ${quoted(name)} set search_path = "my schema", public;
       alter role app in database ${quoted(name)} set statement_timeout = '7s'; alter database ${quoted(name)} connection limit 17`,
    );
  });
  afterAll(() => directory.remove());

  it("is one file for its owner's eyes, whole and verified, without a password", async () => {
    const access = await openLabAccess(from);
    const summary = await backUpTo(access, file, [name], { verify: true });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory.path)).toEqual(["backup.tar"]);
    const bytes = await readFile(file);
    expect(bytes.includes(from.target.password)).toBe(false);
    expect(bytes.includes("SCRAM-SHA-256")).toBe(false);
    expect(summary.bytes).toBe(bytes.length);
    const [database] = summary.servers[0]?.databases ?? [];
    expect(database).toMatchObject({ name, owner: "app", connectionLimit: 17, comment: "it's mine" });
    expect(database?.versionTables).toEqual([{ schema: "public", name: "alembic_version", rows: ["405de8318b3a"] }]);
    expect(database?.tables.map((table) => [table.name, table.rows])).toEqual([
      ['größe "x"', 500],
      ["alembic_version", 1],
      ["dag", 1],
      ["kept_dags", 1],
    ]);
    const left = await from.query("postgres", "select datname from pg_database where datname like 'bulkhead%'");
    expect(left).toEqual([]);
  });

  it("comes back with everything, what was there being kept", async () => {
    const before = await picture(from, name);
    const access = await openLabAccess(into);
    const change = "drop table dag cascade; create table newer (id int)";
    await (into === from ? into.query(name, change) : undefined);
    const restored = await restoreFrom(access, file);
    expect(await picture(into, name)).toEqual({ ...before, major: intoMajor });
    expect(restored.databases).toMatchObject([{ name, tables: 4, rows: 503 }]);
    // On the same server the present database was kept, on the other there was none and its roles were missing.
    const isSame = into === from;
    expect(restored.roles.toSorted()).toEqual(isSame ? [] : ["app", "reader"]);
    const aside = restored.databases[0]?.aside ?? undefined;
    const relations =
      "select array_agg(relname::text order by 1) as found from pg_class where relname in ('dag', 'newer')";
    const kept = aside === undefined ? undefined : (await into.query(aside, relations))[0];
    expect(kept).toEqual(isSame ? { found: ["newer"] } : undefined);
    const names = await into.query("postgres", "select datname from pg_database where datname like 'bulkhead%'");
    expect(names).toEqual([]);
  });
});

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
/** What has to be the same afterwards. */
async function picture(server: TestServer, name: string): Promise<Readonly<Record<string, unknown>>> {
  const session = await server.connect(name);
  try {
    const tables = (
      await session.query(
        "select schemaname::text as schema, tablename::text as name, tableowner::text as owner from pg_tables where schemaname !~ '^pg_' and schemaname <> 'information_schema' order by 1, 2",
      )
    ).map((row) => ({ schema: String(row["schema"]), name: String(row["name"]), owner: row["owner"] }));
    const one = async (text: string) => (await session.query(text))[0];
    return {
      major: server.major,
      tables,
      properties: await one(
        `select pg_get_userbyid(datdba)::text as owner, datconnlimit, pg_encoding_to_char(encoding) as encoding, datcollate, shobj_description(oid, 'pg_database') as comment,
          (select array_agg(format('%s %s', grantee::regrole, privilege_type) order by grantee::regrole::text, privilege_type) from aclexplode(datacl)) as acl,
          (select array_agg(s.setrole::regrole || ' ' || s.setconfig::text order by s.setrole::regrole::text) from pg_db_role_setting s where s.setdatabase = oid) as settings
          from pg_database where datname = current_database()`,
      ),
      sequence: await one(`select last_value from "my schema"."größe ""x""_id_seq"`),
      large: await one(
        "select count(*)::int as n, min(convert_from(lo_get(oid), 'utf8')) as text from pg_largeobject_metadata",
      ),
      // MAINTAIN is new in 17.
      grants: await one("select replace(relacl::text, 'tm/', 't/') as acl from pg_class where relname = 'dag'"),
      answer: await one(
        "select public.answer() as answer, (select count(*)::int from public.dags) as dags, has_schema_privilege('reader', 'public', 'create') as open",
      ),
      sums: await checksumTables([session], tables),
    };
  } finally {
    await session.close();
  }
}
