import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countRows } from "../helpers/count-rows.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

interface Manifest {
  readonly name: string;
  readonly postgres: string;
  readonly rows: Readonly<Record<string, number>>;
}

const manifests = readdirSync(repositoryPath("test/fixtures/databases"))
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(repositoryPath(`test/fixtures/databases/${name}`), "utf8")) as Manifest);

it("finds every recording as its script wrote it", () => {
  const script = repositoryPath("scripts/states/record-databases.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

describe.each([13, 17])("PostgreSQL %i", (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(major);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(manifests.filter(({ postgres }) => Number.parseInt(postgres, 10) === major))(
    "takes $name with every row",
    async ({ name, rows }) => {
      const database = await server.restore(name);
      const session = await server.connect(database);
      try {
        expect(await countRows(session)).toEqual(rows);
      } finally {
        await session.close();
      }
    },
  );
});
