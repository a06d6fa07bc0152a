import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { makeState, statePairs } from "../helpers/database-states.ts";
import { snapshotServer } from "../helpers/snapshot-server.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { splitByUrl } from "../helpers/split-by-url.ts";
import { readRows } from "../helpers/split-rows.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer } from "../helpers/test-server.ts";

/** Servers and databases that are unlike those most people have. */
let home: string;
beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), "bh-split-"))));
afterAll(() => rm(home, { recursive: true }));

const recorded = ["recorded collided-airflow-row-2.7 of apps"];
const pair = statePairs["2.7"];

const run = (program: string, ...args: readonly string[]): string => execFileSync(program, args, { encoding: "utf8" });

it.each([
  ["EUC_JP", /\P{ASCII}/gu, "字"],
  ["LATIN1", /\P{ASCII}/gu, "é"],
  ["SQL_ASCII", /(?!)/, ""],
])("a database in %s with the C locale is separated", async (encoding, foreign, letter) => {
  await using server = await startTestServer(13);
  await server.query("postgres", `CREATE DATABASE shared TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
  const dump = readFileSync(repositoryPath("test/fixtures/databases/collided-airflow-row-2.7.sql.gz"));
  const { exitCode, stderr } = await createNodePorts().processes.run({
    argv: [join(server.clientDirectory, "psql"), "-Xqd", server.url("shared"), "-v", "ON_ERROR_STOP=1"],
    env: {},
    input: gunzipSync(dump).toString("utf8").replace(foreign, letter),
  });
  expect(exitCode === 0 ? "" : stderr).toBe("");
  const before = await readRows(server, "shared");
  await splitByUrl(home, server.url("shared"));
  expect({ ...(await readRows(server, "shared")), ...(await readRows(server, "mlflow")) }).toEqual(before);
  const [row] = await server.query(
    "postgres",
    "SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS locale FROM pg_database WHERE datname = 'mlflow'",
  );
  expect(row).toEqual({ encoding, locale: "C" });
});

it("ten thousand tables of a user's own stay with the database's name", async () => {
  await using server = await startTestServer(17);
  await makeState(5, pair, server, { database: "shared", owner: "apps" });
  const create = "DO $$ BEGIN FOR n IN %s LOOP EXECUTE format('CREATE TABLE own_%%s (id int)', n); END LOOP; END $$";
  for (let at = 0; at < 10_000; at += 1000) {
    await server.query("shared", create.replace("%s", `${at} .. ${at + 999}`).replaceAll("%%", "%"));
  }
  const { summary } = await splitByUrl(home, server.url("shared"));
  expect(summary?.strangers.filter(({ side }) => side === "airflow")).toHaveLength(10_000);
  const count = async (database: string) =>
    (await server.query(database, "SELECT count(*)::int AS n FROM pg_class WHERE relname ~ '^own_'"))[0]?.["n"];
  expect([await count("shared"), await count("mlflow")]).toEqual([10_000, 0]);
});

it("a disk that is full in the copy is told, and all is as it was", async () => {
  await using directory = await createTemporaryDirectory();
  const { path } = directory;
  const before = process.env["TMPDIR"];
  // Needs the right to mount: this tier runs as root, or in a container of its own.
  run("mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", path);
  try {
    process.env["TMPDIR"] = path;
    await using server = await startTestServer(17);
    await makeState(5, pair, server, { database: "shared", owner: "apps" });
    await server.query(
      "shared",
      "CREATE TABLE filler AS SELECT repeat(md5(g::text), 30) AS t FROM generate_series(1, 15000) g",
    );
    await server.query("postgres", "CHECKPOINT");
    const snapshot = await snapshotServer(server, recorded);
    const free = Number(run("df", "--output=avail", "-B1", path).split("\n")[1]);
    // Room for the write-ahead log and not for a copy.
    run("fallocate", "-l", String(free - 24_000_000), join(path, "ballast"));
    const error: unknown = await splitByUrl(home, server.url("shared")).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "DISK_FULL",
      hint: expect.stringContaining("Everything is as it was.") as string,
    });
    await rm(join(path, "ballast"));
    expect(await snapshotServer(server, recorded)).toEqual(snapshot);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    run("umount", "-l", path);
  }
});
