import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import type { BackupRequest } from "../../src/postgres/archive/write-backup.ts";
import { backUpTo, openLabAccess, restoreFrom, startBackupLab, type BackupLab } from "../helpers/backup-lab.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

/** What goes on in a server while it is backed up or restored to. */
let lab: BackupLab;
let server: TestServer;
let access: ServerAccess;
beforeAll(async () => {
  lab = await startBackupLab();
  ({ server, access } = lab);
});
afterAll(() => lab[Symbol.asyncDispose]());

it("a session in the database is named, and nothing is swapped", async () => {
  const before = await lab.state();
  const session = await server.connect("app");
  try {
    await expect(restoreFrom(access, lab.file)).rejects.toMatchObject({
      code: "POSTGRES_FAILED",
      message: expect.stringMatching(/app on 127.* is in use: pid \d+ \(postgres, bulkhead\)/),
    });
    expect(await lab.state()).toEqual(before);
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
        query: (text, values) => session.query(text.replace("lock_timeout = '30s'", "lock_timeout = '200ms'"), values),
      };
    },
  };
  try {
    await holder.query("begin; lock table kept in access exclusive mode");
    await expect(backUpTo(short, join(lab.directory, "locked.tar"), ["app"])).rejects.toMatchObject({
      code: "POSTGRES_FAILED",
      message: expect.stringMatching(/lock timeout/),
    });
    expect((await readdir(lab.directory)).filter((name) => name.includes("locked"))).toEqual([]);
  } finally {
    await holder.close();
  }
});

it("a database that lets nobody in is opened only while it is dumped", async () => {
  await server.query("postgres", "create database closed template app");
  await server.query("postgres", "alter database closed allow_connections false");
  const { servers: found } = await backUpTo(access, join(lab.directory, "closed.tar"), ["closed"], { verify: true });
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
  const target = join(lab.directory, "moment.tar");
  const { servers: found } = await backUpTo(access, target, ["app"], { verify: true, emit }).finally(() => {
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
  const { servers: found } = await backUpTo(access, join(lab.directory, "limited.tar"), ["app"], { verify: true });
  expect(found[0]?.databases[0]?.settings).toHaveLength(1);
  await server.query("postgres", "alter database app reset all");
});

it("an interrupted backup leaves nothing", async () => {
  const controller = new AbortController();
  const emit = () => controller.abort(new Error("stop"));
  const target = join(lab.directory, "interrupted.tar");
  await expect(backUpTo(access, target, ["app"], { emit, signal: controller.signal })).rejects.toThrow("stop");
  expect((await readdir(lab.directory)).filter((name) => name.includes("interrupted"))).toEqual([]);
});

it("a dump of 17 is refused by a server of 13, with the way out", async () => {
  await using older = await startTestServer(13);
  await expect(restoreFrom(await openLabAccess(older), lab.file)).rejects.toMatchObject({
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
  await restoreFrom(access, lab.file);
  const names = (await lab.state()).databases;
  expect(names.filter((name) => name.startsWith("bulkhead"))).toEqual(["bulkhead_restore_of_mine"]);
});

it("a server that goes away in the middle is told, and leaves no file", async () => {
  const target = join(lab.directory, "crashed.tar");
  let crashed: Promise<void> | undefined;
  const emit: BackupRequest["emit"] = (event) => {
    if (event.type === "step" && event.outcome === "running" && event.evidence !== undefined)
      crashed ??= server.crash();
  };
  const error = await backUpTo(access, target, ["app"], { emit }).catch((reason: unknown) => reason);
  await crashed;
  expect(error).toMatchObject({ name: "ToolError", code: expect.stringMatching(/^POSTGRES_/) });
  expect((await readdir(lab.directory)).filter((name) => name.includes("crashed"))).toEqual([]);
  await server.start();
});
