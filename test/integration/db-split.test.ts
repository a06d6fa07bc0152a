import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeState, statePairs, type StateNumber } from "../helpers/database-states.ts";
import { snapshotServer } from "../helpers/snapshot-server.ts";
import { splitByUrl } from "../helpers/split-by-url.ts";
import { readRows } from "../helpers/split-rows.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

let home: string;
let server: TestServer;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bh-split-"));
  server = await startTestServer(17);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const versionsOf = async (database: string): Promise<readonly unknown[]> =>
  (await server.query(database, "SELECT version_num FROM alembic_version ORDER BY 1")).map((row) => row["version_num"]);

/** A database of a state, under a name of its own, for the time of a test. */
async function made(state: StateNumber, pair: keyof typeof statePairs, name: string) {
  const { revisions } = await makeState(state, statePairs[pair], server, { database: name });
  const before = await readRows(server, name);
  return { name, url: server.url(name), revisions, before };
}

async function drop(...names: readonly string[]): Promise<void> {
  for (const name of names) await server.query("postgres", `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

describe("db split", () => {
  it.each([
    [5, "2.7"],
    [6, "2.7"],
    [7, "2.7"],
    [8, "3"],
  ] as const)(
    "separates state %s of %s: every row on its side, each revision as the tables are",
    async (state, pair) => {
      const { name, url, revisions, before } = await made(state, pair, "shared");
      const result = await splitByUrl(home, url);
      expect(result.did).toBe("split");
      expect(await versionsOf("shared")).toEqual([revisions.airflow]);
      expect(await versionsOf("mlflow")).toEqual([revisions.mlflow]);
      const airflow = await readRows(server, "shared");
      const mlflow = await readRows(server, "mlflow");
      expect({ ...airflow, ...mlflow }).toEqual(before);
      expect(Object.keys(airflow).filter((table) => table in mlflow)).toEqual([]);
      expect(mlflow).toHaveProperty(["public.experiments"]);
      expect(airflow).toHaveProperty(["public.dag_run"]);
      expect(result.outcomes).toMatchObject([
        { part: "airflow", database: name, revision: revisions.airflow, tables: Object.keys(airflow).length + 1 },
        { part: "mlflow", database: "mlflow", revision: revisions.mlflow, tables: Object.keys(mlflow).length + 1 },
      ]);
      await splitByUrl(home, url, { verb: "finish" });
      const left = await server.query("postgres", "SELECT datname FROM pg_database WHERE datname ~ '^(shared|mlflow)'");
      expect(left.map((row) => row["datname"]).toSorted()).toEqual(["mlflow", "shared"]);
      await drop("shared", "mlflow");
    },
  );

  it("goes back to exactly what was, and asks when something was written since", async () => {
    const { url } = await made(5, "2.7", "shared");
    await server.query("postgres", "COMMENT ON DATABASE shared IS 'ours'");
    await server.query("postgres", `ALTER DATABASE shared SET search_path = "$user", public`);
    const before = await snapshotServer(server);
    const { summary } = await splitByUrl(home, url, { role: "mlflow", backup: true });
    const dump = summary?.dump ?? "";
    expect(await readdir(dump)).toContain("toc.dat");
    await server.query("mlflow", "INSERT INTO experiments (experiment_id, name) VALUES (4711, 'new')");
    const refused = await splitByUrl(home, url, { verb: "undo" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "SPLIT_REFUSED",
      message: "mlflow wrote to mlflow since the split: public.experiments (+1 rows).",
    });
    const undone = await splitByUrl(home, url, { verb: "undo", confirm: () => Promise.resolve(true) });
    await expect(readdir(dump)).rejects.toMatchObject({ code: "ENOENT" });
    expect(undone.lost).toMatchObject([{ part: "mlflow", tables: [{ table: "public.experiments", rows: 1 }] }]);
    expect(await snapshotServer(server)).toEqual(before);
    await drop("shared");
  });

  it("shows the plan and changes nothing", async () => {
    const { url } = await made(6, "2.7", "shared");
    const before = await snapshotServer(server);
    const { did, summary, steps } = await splitByUrl(home, url, { dryRun: true });
    expect(did).toBe("planned");
    expect(summary?.sides.map(({ part, stays, database }) => [part, stays, database])).toEqual([
      ["airflow", true, "shared"],
      ["mlflow", false, "mlflow"],
    ]);
    expect(steps.length).toBeGreaterThan(8);
    expect(await snapshotServer(server)).toEqual(before);
    await drop("shared");
  });
});
