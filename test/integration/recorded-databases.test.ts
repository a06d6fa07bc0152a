import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countRows } from "../helpers/count-rows.ts";
import { makeState, readManifest, statePairs, type StateNumber } from "../helpers/database-states.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const manifests = readdirSync(repositoryPath("test/fixtures/databases"))
  .filter((name) => name.endsWith(".json"))
  .map((name) => readManifest(name.slice(0, -".json".length)));

it("finds every recording as its script wrote it", () => {
  const script = repositoryPath("scripts/states/record-databases.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

describe("on the servers they were recorded on", () => {
  const servers = new Map<number, TestServer>();
  beforeAll(async () => {
    for (const major of [13, 17]) servers.set(major, await startTestServer(major));
  });
  afterAll(async () => {
    for (const server of servers.values()) await server[Symbol.asyncDispose]();
  });

  /** The server that runs a recording's PostgreSQL. */
  function serverOf(postgres: string): TestServer {
    const server = servers.get(Number.parseInt(postgres, 10));
    if (server === undefined) throw new Error(`recorded on PostgreSQL ${postgres}`);
    return server;
  }

  it.each(manifests)("$name is restored with every row", async ({ name, rows, postgres }) => {
    const server = serverOf(postgres);
    const session = await server.connect(await server.restore(name));
    try {
      expect(await countRows(session)).toEqual(rows);
    } finally {
      await session.close();
    }
  });

  // What the article's pair and the newest one leave in alembic_version; null: the table is not there.
  const rows: readonly (readonly [StateNumber, keyof typeof statePairs, readonly string[] | null])[] = [
    [1, "2.7", null],
    [2, "2.7", ["405de8318b3a"]],
    [3, "2.7", ["405de8318b3a"]],
    [4, "2.7", ["7f2a7d5fae7d"]],
    ["4b", "2.7", []],
    [5, "2.7", ["405de8318b3a"]],
    [5, "3", ["d2f4e1b3c5a7"]],
    [6, "2.7", ["7f2a7d5fae7d"]],
    [6, "3", ["dc11669786a5"]],
    [7, "2.7", ["405de8318b3a", "7f2a7d5fae7d"]],
    [8, "2.7", []],
    [9, "3", ["bf29a5ff90ea"]],
    [10, "2.10", ["5f2621c13b39"]],
    [11, "2.7", ["5f2621c13b39"]],
    [12, "2.10", ["405de8318b3a"]],
    [13, "2.10", ["677fdbb7fc54"]],
    [14, "2.10", ["8606fa83a998"]],
    [15, "2.10", ["v3.2.0.a"]],
    [16, "2.10", []],
    [17, "2.7", ["405de8318b3a", "98ae134e6fff"]],
    [18, "2.7", null],
    [19, "2.10", ["cc92b33c6709"]],
    [20, "2.7", ["405de8318b3a"]],
    [21, "2.10", ["5f2621c13b39"]],
  ];
  it.each(rows)("state %s of the pair %s leaves %j in alembic_version", async (state, pair, expected) => {
    const server = serverOf(pair === "3" ? "17" : "13");
    const { database } = await makeState(state, statePairs[pair], server);
    const [table] = await server.query(database, "select to_regclass('alembic_version') as found");
    const found =
      table?.["found"] === null
        ? null
        : (await server.query(database, "select version_num from alembic_version order by 1")).map(
            (row) => row["version_num"],
          );
    expect(found).toEqual(expected);
  });
});
