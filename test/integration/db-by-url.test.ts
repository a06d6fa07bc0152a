import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dbBackup, type DbBackupOptions, type DbBackupResult } from "../../src/actions/db-backup.ts";
import { dbRestore, type DbRestoreResult } from "../../src/actions/db-restore.ts";
import { renderBackup } from "../../src/cli/render/render-backup.ts";
import { renderRestore } from "../../src/cli/render/render-restore.ts";
import { lookOf } from "../../src/cli/render/look.ts";
import type { ProgressEvent } from "../../src/core/event.ts";
import { contextByUrl, noProject } from "../helpers/context-by-url.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const look = lookOf({ isTerminal: false, columns: 200, env: {}, noColor: true });

let server: TestServer;
let home: TemporaryDirectory;
beforeAll(async () => {
  server = await startTestServer(17);
  home = await createTemporaryDirectory();
  await own("airflow-2.7.0", "air", "keeper");
  await own("mlflow-2.7.1", "tracking", "postgres");
  await server.query("postgres", "create database other");
  await server.query("other", "create table of_mine as select 1 as one");
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await home.remove();
});

/** What was recorded under another name, without copying it. */
async function own(recording: string, name: string, owner: string): Promise<void> {
  const recorded = await server.recorded(recording, owner);
  await server.query("postgres", `alter database "${recorded}" rename to ${name}`);
}

function backup(url: string, wanted: Partial<DbBackupOptions> = {}, events: ProgressEvent[] = []) {
  const context = contextByUrl(home.path, { onEvent: (event) => void events.push(event) });
  return dbBackup(context, noProject, { url, out: undefined, apps: [], verify: false, ...wanted });
}

function restore(file: string, url: string, apps: readonly string[] = []): Promise<DbRestoreResult> {
  return dbRestore(contextByUrl(home.path), noProject, { file, url, apps });
}

/** The databases of a backup with whose they are. */
function contentOf({ archive }: DbBackupResult): Readonly<Record<string, readonly string[]>> {
  const databases = (archive?.servers ?? []).flatMap((one) => one.databases);
  return Object.fromEntries(databases.map(({ name, apps }) => [name, apps.map(({ id }) => id)]));
}

async function listDatabases(): Promise<readonly string[]> {
  const rows = await server.query("postgres", "select datname::text as name from pg_database order by 1");
  return rows.map(({ name }) => String(name));
}

describe("a server that is in no project", () => {
  it("is backed up whole, whose each database is being told by its tables", async () => {
    const found = await backup(server.url("postgres").replace(/\/postgres$/, ""));
    expect(contentOf(found)).toEqual({ air: ["airflow"], other: [], tracking: ["mlflow"] });
    const path = found.archive?.path ?? "";
    expect(path).toMatch(new RegExp(`^${home.path}/servers/\\d+/backups/[\\dTZ-]+\\.tar$`));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = renderBackup(found, look);
    expect(text).toContain("airflow 2.7.0 or newer");
    expect(text).toContain("mlflow 2.4.0 or newer");
    expect(text).toContain(`bulkhead db restore ${path} --url 'postgresql://postgres@127.0.0.1:`);
    expect(text).not.toContain(server.target.password);
  });

  it.each([
    ["the database of its URL", "air", [], ["air"]],
    ["what is named, before the URL's own", "air", ["mlflow", "other"], ["other", "tracking"]],
  ] as const)("is backed up in part: %s", async (_, database, apps, names) => {
    const found = await backup(server.url(database), { apps, out: join(home.path, `${apps.length}.tar`) });
    expect(Object.keys(contentOf(found))).toEqual(names);
  });

  it("says what it has where something else is named", async () => {
    await expect(backup(server.url("postgres"), { apps: ["superset"] })).rejects.toMatchObject({
      code: "SERVICE_UNKNOWN",
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ has no database of superset\.$/),
      hint: expect.stringContaining("air, other, postgres"),
    });
  });

  it("gets back the database that is named, and keeps the present one", async () => {
    const events: ProgressEvent[] = [];
    const { archive } = await backup(server.url("postgres"), { apps: ["airflow", "mlflow"], verify: true }, events);
    const file = archive?.path ?? "";
    expect(events).toContainEqual(
      expect.objectContaining({ id: expect.stringMatching(/^verify .*\/air$/), outcome: "ok" }),
    );
    const before = await server.query("tracking", "select count(*)::int as n from metrics");
    await server.query("tracking", "drop table metrics cascade");
    const restored = await restore(file, server.url("tracking"));
    expect(restored.databases).toMatchObject([{ name: "tracking", aside: expect.any(String) }]);
    expect(await server.query("tracking", "select count(*)::int as n from metrics")).toEqual(before);
    const aside = restored.databases[0]?.aside ?? "";
    const text = renderRestore(restored, look);
    expect(text).toContain(`dropdb -h 127.0.0.1 -p ${server.target.port} -U postgres ${aside}`);
    expect(text).not.toContain("bulkhead up");
    await server.query("postgres", `drop database "${aside}"`);
    await expect(restore(file, server.url("other"))).rejects.toMatchObject({
      code: "SERVICE_UNKNOWN",
      message: `${file} has no database of other.`,
    });
    await expect(restore(file, server.url("postgres"), ["superset"])).rejects.toMatchObject({
      code: "SERVICE_UNKNOWN",
    });
  });
});

describe("a role that is no superuser", () => {
  it("is told which right it lacks before anything is done, and restores what is its own", async () => {
    const url = server.url("air", "keeper");
    const plain = await backup(url, { out: join(home.path, "own.tar") });
    const file = plain.archive?.path ?? "";
    const before = await listDatabases();
    const lacking = {
      code: "POSTGRES_FAILED",
      message: expect.stringMatching(/^keeper may not create databases on 127\.0\.0\.1:\d+\.$/),
      hint: 'Nothing was changed. As a superuser: ALTER ROLE "keeper" CREATEDB;',
    };
    await expect(restore(file, url)).rejects.toMatchObject(lacking);
    await expect(backup(url, { out: join(home.path, "unverified.tar"), verify: true })).rejects.toMatchObject(lacking);
    expect((await readdir(home.path)).filter((name) => name.includes("unverified"))).toEqual([]);

    await server.query("postgres", "alter role keeper createdb; alter database air owner to postgres");
    await expect(restore(file, url)).rejects.toMatchObject({
      code: "POSTGRES_FAILED",
      message: expect.stringMatching(/^keeper may not rename air on 127\.0\.0\.1:\d+, which is postgres's\.$/),
      hint: 'Nothing was changed. As a superuser: GRANT "postgres" TO "keeper";',
    });
    expect(await listDatabases()).toEqual(before);

    await server.query("postgres", "alter database air owner to keeper");
    const rows = await server.query("air", "select count(*)::int as n from dag");
    await server.query("air", "drop table dag cascade");
    const restored = await restore(file, url);
    expect(restored.databases).toMatchObject([{ name: "air" }]);
    expect(await server.query("air", "select count(*)::int as n from dag")).toEqual(rows);
    const owner = "select pg_get_userbyid(datdba)::text as owner from pg_database where datname = 'air'";
    expect(await server.query("postgres", owner)).toEqual([{ owner: "keeper" }]);
  });
});
