import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { checksumTables } from "../../src/postgres/checksum-tables.ts";
import { openArchive } from "../../src/postgres/archive/read-archive.ts";
import { restoreBackup } from "../../src/postgres/archive/restore-backup.ts";
import { writeBackup, type BackupRequest } from "../../src/postgres/archive/write-backup.ts";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import { openTestAccess } from "../helpers/open-test-access.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const io = createNodePorts();
const { signal } = new AbortController();

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
    const access = await openUrl(from);
    const summary = await back(access, file, [name], { verify: true });
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
    const access = await openUrl(into);
    const change = "drop table dag cascade; create table newer (id int)";
    await (into === from ? into.query(name, change) : undefined);
    const restored = await restore(access, file);
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

describe("what goes wrong", () => {
  let server: TestServer;
  let access: ServerAccess;
  let directory: TemporaryDirectory;
  let file: string;
  beforeAll(async () => {
    server = serverOf(17);
    access = await openUrl(server);
    directory = await createTemporaryDirectory();
    file = join(directory.path, "good.tar");
    await server.query("postgres", "create database app");
    await server.query("app", "create table kept as select i, md5(i::text) as text from generate_series(1, 200000) i");
    await back(access, file, ["app"]);
  });
  afterAll(() => directory.remove());

  const state = async () => ({
    databases: await server.query("postgres", "select datname::text as name from pg_database order by 1"),
    rows: await server.query("app", "select count(*)::int as n from kept"),
  });

  it.each([
    [
      "cut in the middle",
      (bytes: Buffer) => bytes.subarray(0, bytes.length / 2),
      "BACKUP_DAMAGED",
      /its end is missing/,
    ],
    [
      "cut at a block",
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 2048),
      "BACKUP_DAMAGED",
      /end is missing|has no/,
    ],
    [
      "changed in one byte of a dump",
      (bytes: Buffer) => flip(bytes, bytes.indexOf("toc.dat") + 900),
      "BACKUP_DAMAGED",
      /checksum of databases\/1/,
    ],
    [
      "changed in its manifest",
      (bytes: Buffer) => flip(bytes, bytes.indexOf('"project"')),
      "BACKUP_DAMAGED",
      /manifest was changed/,
    ],
    [
      "changed in a header",
      (bytes: Buffer) => flip(bytes, bytes.indexOf("databases/1/toc.dat")),
      "BACKUP_DAMAGED",
      /cannot be read/,
    ],
    ["another tar file", (bytes: Buffer) => bytes.subarray(1024), "BACKUP_DAMAGED", /no backup/],
    ["no tar file", () => Buffer.from("x".repeat(4096)), "BACKUP_DAMAGED", /no backup/],
    ["empty", () => Buffer.alloc(0), "BACKUP_DAMAGED", /no backup/],
    [
      "of another format",
      (bytes: Buffer) => patch(bytes, "backup, format 1", "backup, format 9"),
      "STATE_FORMAT",
      /format 9/,
    ],
  ])("a file that is %s changes nothing", async (_, damage, code, message) => {
    const before = await state();
    const damaged = join(directory.path, "damaged.tar");
    await writeFile(damaged, damage(await readFile(file)));
    const error = await restore(access, damaged).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await state()).toEqual(before);
  });

  it("names that lead out of the directory are refused", async () => {
    const { renderTarHeader } = await import("../../src/postgres/archive/tar-header.ts");
    const good = await readFile(file);
    for (const name of ["../outside", "/etc/outside", "a/../../outside", "a//b", "databases/1/./x"]) {
      const entry = Buffer.concat([renderTarHeader({ name, size: 0 }, 0)]);
      const evil = join(directory.path, "evil.tar");
      await writeFile(evil, Buffer.concat([good.subarray(0, 1024), entry, good.subarray(1024)]));
      await expect(restore(access, evil)).rejects.toMatchObject({
        code: "BACKUP_DAMAGED",
        message: expect.stringContaining(name),
      });
    }
  });

  it("a file that is there already is not touched", async () => {
    const before = await readFile(file);
    await expect(back(access, file, ["app"])).rejects.toMatchObject({ code: "FILE_EXISTS" });
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  it("a session in the database is named, and nothing is swapped", async () => {
    const before = await state();
    const session = await server.connect("app");
    try {
      await expect(restore(access, file)).rejects.toMatchObject({
        code: "POSTGRES_FAILED",
        message: expect.stringMatching(/app on 127.* is in use: pid \d+ \(postgres, bulkhead\)/),
      });
      expect(await state()).toEqual(before);
    } finally {
      await session.close();
    }
  });

  it("a table that is locked ends the backup without a file", async () => {
    const holder = await server.connect("app");
    const short: ServerAccess = {
      ...access,
      connect: async (database, within) => {
        const session = await access.connect(database, within);
        return {
          ...session,
          query: (text, values) =>
            session.query(text.replace("lock_timeout = '30s'", "lock_timeout = '200ms'"), values),
        };
      },
    };
    try {
      await holder.query("begin; lock table kept in access exclusive mode");
      await expect(back(short, join(directory.path, "locked.tar"), ["app"])).rejects.toMatchObject({
        code: "POSTGRES_FAILED",
        message: expect.stringMatching(/lock timeout/),
      });
      expect((await readdir(directory.path)).filter((name) => name.includes("locked"))).toEqual([]);
    } finally {
      await holder.close();
    }
  });

  it("a database that lets nobody in is opened only while it is dumped", async () => {
    await server.query("postgres", "create database closed template app");
    await server.query("postgres", "alter database closed allow_connections false");
    const { servers: found } = await back(access, join(directory.path, "closed.tar"), ["closed"], { verify: true });
    expect(found[0]?.databases[0]?.tables).toMatchObject([{ name: "kept", rows: 200_000 }]);
    const isOpen = "select datallowconn as open from pg_database where datname = 'closed'";
    expect(await server.query("postgres", isOpen)).toEqual([{ open: false }]);
    await server.query("postgres", "drop database closed");
  });

  it("applications that write on are seen at one moment, and progress is told by the byte", async () => {
    await server.query("app", "create table one (i int); create table other (i int)");
    const writer = await server.connect("app");
    let isOver = false;
    const written = (async () => {
      let count = 0;
      // Both or none: whoever sees them at two moments sees two numbers.
      for (; !isOver; count += 1)
        await writer.query("with new as (insert into one values (1)) insert into other values (1)");
      return count;
    })();
    const told: string[] = [];
    const emit: BackupRequest["emit"] = (event) => {
      if (event.type === "step" && event.evidence !== undefined) told.push(event.evidence);
    };
    const target = join(directory.path, "moment.tar");
    const { servers: found } = await back(access, target, ["app"], { verify: true, emit }).finally(() => {
      isOver = true;
    });
    const tables = found[0]?.databases[0]?.tables ?? [];
    const rowsOf = (wanted: string) => tables.find(({ name }) => name === wanted)?.rows;
    expect(rowsOf("one")).toBeLessThan(await written);
    expect(rowsOf("other")).toBe(rowsOf("one"));
    expect(told.at(-1)).toMatch(/^(\d+ MB) of \1$/);
    expect(told.every((text) => /^[\d.]+ k?M?B of [\d.]+ MB(, \d+ (s|min) left)?$/.test(text))).toBe(true);
    await writer.query("drop table one, other");
    await writer.close();
  });

  it("a limit that a database sets ends no long backup", async () => {
    await server.query("postgres", "alter database app set idle_in_transaction_session_timeout = '10ms'");
    const { servers: found } = await back(access, join(directory.path, "limited.tar"), ["app"], { verify: true });
    expect(found[0]?.databases[0]?.settings).toHaveLength(1);
    await server.query("postgres", "alter database app reset all");
  });

  it("an interrupted backup leaves nothing", async () => {
    const controller = new AbortController();
    const emit = () => controller.abort(new Error("stop"));
    const target = join(directory.path, "interrupted.tar");
    await expect(back(access, target, ["app"], { emit, signal: controller.signal })).rejects.toThrow("stop");
    expect((await readdir(directory.path)).filter((name) => name.includes("interrupted"))).toEqual([]);
  });

  it("a dump of 17 is refused by a server of 13, with the way out", async () => {
    await expect(restore(await openUrl(serverOf(13)), file)).rejects.toMatchObject({
      code: "BACKUP_REFUSED",
      message: expect.stringMatching(/from PostgreSQL 17.*is PostgreSQL 13/),
      hint: expect.stringContaining("postgres:17"),
    });
  });

  it("what a killed restore left is removed by the next one", async () => {
    await server.query("postgres", "create database bulkhead_restore_20200101000000_1");
    await server.query(
      "postgres",
      "comment on database bulkhead_restore_20200101000000_1 is 'bulkhead: an unfinished restore'",
    );
    await server.query("postgres", "create database bulkhead_restore_of_mine");
    await restore(access, file);
    const names = (await state()).databases.map(({ name }) => String(name));
    expect(names.filter((name) => name.startsWith("bulkhead"))).toEqual(["bulkhead_restore_of_mine"]);
  });

  it("a server that goes away in the middle is told, and leaves no file", async () => {
    const target = join(directory.path, "crashed.tar");
    let crashed: Promise<void> | undefined;
    const emit: BackupRequest["emit"] = (event) => {
      if (event.type === "step" && event.outcome === "running" && event.evidence !== undefined)
        crashed ??= server.crash();
    };
    const error = await back(access, target, ["app"], { emit }).catch((reason: unknown) => reason);
    await crashed;
    expect(error).toMatchObject({ name: "ToolError", code: expect.stringMatching(/^POSTGRES_/) });
    expect((await readdir(directory.path)).filter((name) => name.includes("crashed"))).toEqual([]);
    await server.start();
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

function patch(bytes: Buffer, from: string, to: string): Buffer {
  const changed = Buffer.from(bytes);
  changed.write(to, changed.indexOf(from));
  return changed;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function openUrl(server: TestServer): Promise<ServerAccess> {
  return openTestAccess(server.url("postgres"), signal);
}

async function back(
  access: ServerAccess,
  path: string,
  names: readonly string[],
  more: Partial<BackupRequest> = {},
): Promise<Awaited<ReturnType<typeof writeBackup>>> {
  return writeBackup(io, {
    path,
    project: "p",
    version: "0.0.0",
    sources: [{ access, databases: names.map((name) => ({ name, apps: [], isClosed: name === "closed" })) }],
    verify: false,
    emit: () => undefined,
    signal,
    ...more,
  });
}

async function restore(access: ServerAccess, file: string): Promise<Awaited<ReturnType<typeof restoreBackup>>> {
  const archive = await openArchive(io.files, file);
  await using work = await createTemporaryDirectory();
  try {
    const targets = archive.manifest.servers.map((from) => ({ access, from, databases: from.databases }));
    return await restoreBackup(io, {
      archive,
      targets,
      workDirectory: join(work.path, "w"),
      emit: () => undefined,
      signal,
    });
  } finally {
    await archive.close();
  }
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
