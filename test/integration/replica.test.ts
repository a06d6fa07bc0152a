import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dbBackup } from "../../src/actions/db-backup.ts";
import { dbRestore } from "../../src/actions/db-restore.ts";
import { dbStatus } from "../../src/actions/db-status.ts";
import { lookOf } from "../../src/cli/render/look.ts";
import { renderDbStatus } from "../../src/cli/render/render-db-status.ts";
import { contextByUrl, noProject } from "../helpers/context-by-url.ts";
import { poll } from "../helpers/fault-project.ts";
import { splitByUrl } from "../helpers/split-by-url.ts";
import { startReplica } from "../helpers/start-replica.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const look = lookOf({ isTerminal: false, columns: 120, env: {}, noColor: true });

/** A server that follows another one: everything can be read there, nothing written. */
let primary: TestServer;
let replica: TestServer;
let home: TemporaryDirectory;
beforeAll(async () => {
  primary = await startTestServer(17);
  home = await createTemporaryDirectory();
  const recorded = await primary.recorded("collided-airflow-row-2.7");
  await primary.query("postgres", `alter database "${recorded}" rename to shared`);
  replica = await startReplica(primary);
  await primary.query("shared", "create table later as select 1 as one");
  await poll(
    async () =>
      (await replica.query("shared", "select to_regclass('later') is not null as here"))[0]?.["here"] === true,
    "the replica to follow",
  );
});
afterAll(async () => {
  await replica[Symbol.asyncDispose]();
  await primary[Symbol.asyncDispose]();
  await home.remove();
});

it("is read by db status, which says what it is", async () => {
  const wanted = { url: replica.url("shared"), subject: undefined, exact: true };
  const result = await dbStatus(contextByUrl(home.path), noProject, wanted);
  expect(result).toMatchObject({
    exitCode: 1,
    failures: [],
    servers: [{ inRecovery: true }],
    databases: [{ verdict: { state: 5 } }],
  });
  expect(renderDbStatus(result, look)).toContain("a read-only replica");
});

it("is backed up, and refuses to be restored to and to be split", async () => {
  const file = join(home.path, "replica.tar");
  const url = replica.url("shared");
  const { archive } = await dbBackup(contextByUrl(home.path), noProject, { url, out: file, apps: [], verify: false });
  expect(archive?.servers[0]?.databases[0]?.tables).toContainEqual(expect.objectContaining({ name: "later", rows: 1 }));
  await expect(dbRestore(contextByUrl(home.path), noProject, { file, url, apps: [] })).rejects.toMatchObject({
    code: "BACKUP_REFUSED",
    message: expect.stringMatching(/^127\.0\.0\.1:\d+ is a standby: nothing can be restored to it\.$/) as string,
  });
  await expect(splitByUrl(home.path, url)).rejects.toMatchObject({
    code: "SPLIT_REFUSED",
    message: expect.stringMatching(/ is a replica: nothing can be changed on it\.$/) as string,
  });
  const names = await replica.query("postgres", "select datname::text as name from pg_database order by 1");
  expect(names.map(({ name }) => name)).toEqual(["postgres", "shared", "template0", "template1"]);
});
