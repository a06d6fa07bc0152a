import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ProgressEvent } from "../../src/core/event.ts";
import type { SqlSession } from "../../src/ports/sql.ts";
import { makeState, statePairs } from "../helpers/database-states.ts";
import { snapshotServer, type ServerSnapshot } from "../helpers/snapshot-server.ts";
import { splitByUrl } from "../helpers/split-by-url.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

/** What stands in the way of a split: each is told in one error, and nothing was changed. */
let home: string;
let server: TestServer;
let before: ServerSnapshot;
const recorded = ["recorded collided-airflow-row-2.7 of keeper"];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bh-split-"));
  server = await startTestServer(17);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});
beforeEach(async () => {
  await makeState(5, statePairs["2.7"], server, { database: "shared", owner: "keeper" });
  before = await snapshotServer(server, recorded);
});
afterEach(() => server.query("postgres", "DROP DATABASE shared WITH (FORCE)"));

async function refusal(url: string): Promise<unknown> {
  const error = await splitByUrl(home, url).then(
    () => "it was not refused",
    (reason: unknown) => reason,
  );
  expect(await snapshotServer(server, recorded)).toEqual(before);
  return error;
}

async function withSession(work: (session: SqlSession) => Promise<void>, database = "shared"): Promise<void> {
  const session = await server.connect(database);
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

describe("db split refuses", () => {
  it("a wrong password", async () => {
    const url = server.url("shared").replace(server.target.password, "wrong");
    expect(await refusal(url)).toMatchObject({ code: "POSTGRES_UNREACHABLE" });
  });

  it("a database that is not there", async () => {
    expect(await refusal(server.url("nowhere"))).toMatchObject({ code: "POSTGRES_UNREACHABLE" });
  });

  it("a role without the right to create databases, with the statement that gives it", async () => {
    await server.query("postgres", "ALTER ROLE keeper NOCREATEDB");
    expect(await refusal(server.url("shared", "keeper"))).toMatchObject({
      code: "SPLIT_REFUSED",
      message: "keeper may not create databases.",
      hint: `As a superuser: psql -c 'ALTER ROLE "keeper" CREATEDB;'`,
    });
  });

  it("a role that does not own the database", async () => {
    await server.createRole("guest");
    before = await snapshotServer(server, recorded);
    expect(await refusal(server.url("shared", "guest"))).toMatchObject({
      code: "SPLIT_REFUSED",
      message: "guest is not the owner of shared, nor a superuser.",
      hint: `As a superuser: psql -c 'GRANT "keeper" TO "guest";'`,
    });
  });

  it("a name that is taken", async () => {
    await server.query("postgres", "CREATE DATABASE mlflow");
    before = await snapshotServer(server, recorded);
    expect(await refusal(server.url("shared"))).toMatchObject({
      code: "SPLIT_REFUSED",
      message: expect.stringMatching(/^There is a database mlflow on .* already\.$/) as string,
      hint: expect.stringContaining("--name mlflow_2") as string,
    });
    await server.query("postgres", "DROP DATABASE mlflow");
  });

  it("a session of somebody else, by name, though it has locked a table; --terminate ends it", async () => {
    await withSession(async (session) => {
      await session.query("SET application_name = 'a dashboard'");
      await session.query("BEGIN");
      await session.query("LOCK TABLE dag_run IN ACCESS EXCLUSIVE MODE");
      await expect(splitByUrl(home, server.url("shared"))).rejects.toMatchObject({
        code: "POSTGRES_FAILED",
        message: expect.stringMatching(
          /^shared is in use: pid \d+ \(postgres, a dashboard, from 127\.0\.0\.1\)\.$/,
        ) as string,
        hint: expect.stringContaining("bulkhead db split --terminate") as string,
      });
      const [row] = await session.query(
        "SELECT count(*)::int AS own FROM pg_stat_activity WHERE application_name = 'a dashboard'",
      );
      expect(row).toEqual({ own: 1 });
      expect((await splitByUrl(home, server.url("shared"), { terminate: true })).did).toBe("split");
    });
    await splitByUrl(home, server.url("shared"), { verb: "undo" });
    expect(await snapshotServer(server, recorded)).toEqual(before);
  });

  it("logical slots, by name, and what they would lose", async () => {
    await server.query("postgres", "ALTER SYSTEM SET wal_level = logical");
    await server.crash();
    await server.start();
    await server.query("shared", "SELECT pg_create_logical_replication_slot('cdc', 'pgoutput')");
    expect(await refusal(server.url("shared"))).toMatchObject({
      code: "SPLIT_REFUSED",
      message: "shared has replication slots: cdc. Their changes would end with it.",
    });
    await server.query("shared", "SELECT pg_drop_replication_slot('cdc')");
  });

  it("prepared transactions, by name", async () => {
    await server.query("postgres", "ALTER SYSTEM SET max_prepared_transactions = 5");
    await server.crash();
    await server.start();
    await withSession(async (session) => {
      await session.query("BEGIN");
      await session.query("CREATE TABLE half_done (id int)");
      await session.query("PREPARE TRANSACTION 'it''s half done'");
    });
    expect(await refusal(server.url("shared"))).toMatchObject({
      code: "SPLIT_REFUSED",
      message: "shared has prepared transactions: it's half done.",
    });
    await server.query("shared", "ROLLBACK PREPARED 'it''s half done'");
  });

  it("a table that refers to tables of both", async () => {
    await server.query("shared", "CREATE TABLE links (dag text REFERENCES dag, run varchar(32) REFERENCES runs)");
    before = await snapshotServer(server, recorded);
    expect(await refusal(server.url("shared"))).toMatchObject({
      code: "SPLIT_REFUSED",
      message: "shared cannot be split: table public.links refers to tables of more than one application.",
    });
  });

  it("a second split while one is open, and tells how to go on", async () => {
    const ended = new AbortController();
    const onEvent = (event: ProgressEvent): void => {
      if (event.type === "step" && event.id.endsWith(" in place") && event.outcome === "ok")
        ended.abort(new Error("power cut"));
    };
    await expect(splitByUrl(home, server.url("shared"), { onEvent, signal: ended.signal })).rejects.toThrow(
      "power cut",
    );
    const hint = "Carry it on with: bulkhead db split --resume\nOr put it back with: bulkhead db split --undo";
    await expect(splitByUrl(home, server.url("shared"))).rejects.toMatchObject({ code: "PLAN_OPEN", hint });
    await expect(splitByUrl(home, server.url("shared"), { verb: "finish" })).rejects.toMatchObject({
      code: "PLAN_OPEN",
    });
    await splitByUrl(home, server.url("shared"), { verb: "undo" });
    expect(await snapshotServer(server, recorded)).toEqual(before);
    await expect(splitByUrl(home, server.url("shared"), { verb: "undo" })).rejects.toMatchObject({
      code: "SPLIT_REFUSED",
      message: "There is no split to undo: the last one is undone.",
    });
  });

  it("nothing of what it wrote down: a plan that failed is put back and closed", async () => {
    const [id] = await readdir(join(home, "servers"));
    const journals = await readdir(join(home, "servers", id ?? "", "journal"));
    expect(journals.length).toBeGreaterThan(0);
    expect((await splitByUrl(home, server.url("shared"), { dryRun: true })).did).toBe("planned");
  });
});

describe("db split works", () => {
  it("as an ordinary role that owns the database and may create others", async () => {
    await server.query("postgres", "ALTER ROLE keeper CREATEDB");
    before = await snapshotServer(server, recorded);
    const url = server.url("shared", "keeper");
    expect((await splitByUrl(home, url)).outcomes).toHaveLength(2);
    await splitByUrl(home, url, { verb: "undo" });
    expect(await snapshotServer(server, recorded)).toEqual(before);
  });

  it("with names that need quotes", async () => {
    const name = `we"ird 'näme' = \\ 数`;
    const quoted = `"${name.replaceAll('"', '""')}"`;
    await server.query("postgres", `ALTER DATABASE shared RENAME TO ${quoted}`);
    await server.query(name, `CREATE TABLE "my ""own"" täble" ("a b" int); INSERT INTO "my ""own"" täble" VALUES (1)`);
    await server.query(name, `CREATE VIEW "the best 数" AS SELECT * FROM runs`);
    await server.query(name, `CREATE FUNCTION "f ""x"" y"("a b" int) RETURNS int LANGUAGE sql AS 'SELECT 1'`);
    const url = server.url(name);
    const result = await splitByUrl(home, url, { name: 'mlflow\'s "own"', role: `the "role"` });
    expect(result.summary?.strangers.map(({ name, side }) => `${side}: ${name}`).toSorted()).toEqual([
      'airflow: function public."f ""x"" y"(integer)',
      'airflow: table public."my ""own"" täble"',
      'mlflow: view public."the best 数"',
    ]);
    await splitByUrl(home, url, { verb: "undo" });
    await server.query("postgres", `ALTER DATABASE ${quoted} RENAME TO shared`);
    await server.query("postgres", `DROP ROLE IF EXISTS "the ""role"""`);
  });
});
