import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DbSplitResult } from "../../src/actions/db-split.ts";
import { makeState, statePairs, type StateNumber } from "../helpers/database-states.ts";
import { snapshotServer } from "../helpers/snapshot-server.ts";
import { splitByUrl } from "../helpers/split-by-url.ts";
import { readRows } from "../helpers/split-rows.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

type Pair = keyof typeof statePairs;

let home: string;
beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), "bh-split-"))));
afterAll(() => rm(home, { recursive: true }));

describe.each([13, 15, 18])("on PostgreSQL %i", (major) => {
  let server: TestServer;
  beforeAll(async () => void (server = await startTestServer(major)));
  afterAll(() => server[Symbol.asyncDispose]());

  const pairs: readonly Pair[] = major < 17 ? ["2.7", "2.10"] : ["2.7", "2.10", "3"];

  /** Makes a state, does what `db split` does with it, looks at it, goes back, and looks whether all is as it was. */
  async function through(
    state: StateNumber,
    pair: Pair,
    look: (result: DbSplitResult, made: Awaited<ReturnType<typeof makeState>>, before: Rows) => Promise<void>,
  ): Promise<void> {
    await removeWhatIsLeft();
    const made = await makeState(state, statePairs[pair], server, {
      database: "shared",
      ...(state === 20 ? {} : { owner: "apps" }),
    });
    const snapshot = await snapshotServer(server, keptRecordings(await databasesOf(server)));
    const before = await readRows(server, "shared");
    try {
      const result = await splitByUrl(home, server.url("shared"), { name: "moved" });
      await look(result, made, before);
      if (result.did === "split") await splitByUrl(home, server.url("shared"), { verb: "undo" });
      expect(await snapshotServer(server, keptRecordings(await databasesOf(server)))).toEqual(snapshot);
    } finally {
      await removeWhatIsLeft();
    }
  }

  /** Also before a test: one that failed may have left something. */
  async function removeWhatIsLeft(): Promise<void> {
    for (const name of await databasesOf(server)) {
      if (/shared|moved|bulkhead/.test(name)) await server.query("postgres", `DROP DATABASE "${name}" WITH (FORCE)`);
    }
  }

  const versionsIn = async (database: string): Promise<readonly unknown[]> =>
    (await server.query(database, "SELECT version_num FROM alembic_version ORDER BY 1")).map(
      (row) => row["version_num"],
    );

  it.each(pairs.flatMap((pair) => ([5, 6, 7, 8] as const).map((state) => [state, pair] as const)))(
    "state %s of %s is separated, every row on its side",
    (state, pair) =>
      through(state, pair, async ({ did, outcomes }, { revisions }, before) => {
        expect(did).toBe("split");
        const [airflow, mlflow] = [await readRows(server, "shared"), await readRows(server, "moved")];
        expect({ ...airflow, ...mlflow }).toEqual(before);
        expect(Object.keys(airflow).filter((table) => table in mlflow)).toEqual([]);
        expect(await versionsIn("shared")).toEqual([revisions.airflow]);
        expect(await versionsIn("moved")).toEqual([revisions.mlflow]);
        expect(outcomes.map(({ part, revision }) => [part, revision])).toEqual([
          ["airflow", revisions.airflow],
          ["mlflow", revisions.mlflow],
        ]);
      }),
  );

  it.each(pairs)("state 3 of %s: the empty tables go, and MLflow gets a database", (pair) =>
    through(3, pair, async ({ did, outcomes }, { revisions }, before) => {
      expect(did).toBe("split");
      const left = ["experiments", "metrics", "params", "runs", "tags"].map((name) => `public.${name}`);
      const own = Object.fromEntries(Object.entries(before).filter(([table]) => !left.includes(table)));
      expect(await readRows(server, "shared")).toEqual(own);
      expect(await readRows(server, "moved")).toEqual({});
      expect(await versionsIn("shared")).toEqual([revisions.airflow]);
      expect(outcomes.map(({ part, rows }) => [part, rows > 0])).toEqual([
        ["airflow", true],
        ["mlflow", false],
      ]);
    }),
  );

  it.each<[StateNumber, Pair]>([
    ["4b", "2.7"],
    [17, "2.7"],
    [18, "2.7"],
  ])("state %s: the version row becomes what the tables are", (state, pair) =>
    through(state, pair, async ({ did }, { revisions }, before) => {
      expect(did).toBe("split");
      expect(await readRows(server, "shared")).toEqual(before);
      expect(await versionsIn("shared")).toEqual([revisions.airflow ?? revisions.mlflow]);
    }),
  );

  it("state 14: MLflow's users leave the database of its runs", () =>
    through(14, "2.10", async ({ did }, { revisions }, before) => {
      expect(did).toBe("split");
      const [runs, users] = [await readRows(server, "shared"), await readRows(server, "moved")];
      expect({ ...runs, ...users }).toEqual(before);
      expect(Object.keys(users)).toEqual([
        "public.experiment_permissions",
        "public.registered_model_permissions",
        "public.users",
      ]);
      expect(await versionsIn("shared")).toEqual([revisions.mlflow]);
      expect(await versionsIn("moved")).toEqual(["8606fa83a998"]);
    }));

  it.each<[StateNumber, Pair]>([
    [1, "2.7"],
    [2, "2.7"],
    [4, "2.7"],
    [11, "2.10"],
    [12, "2.7"],
    [13, "2.10"],
    [19, "2.10"],
    [20, "2.7"],
    [21, "2.10"],
  ])("state %s: there is nothing to separate, and it says what to do", (state, pair) =>
    through(state, pair, async ({ did, because }) => {
      expect(did).toBe("nothing");
      expect(because.length).toBeGreaterThan(0);
    }),
  );

  it.each<[StateNumber, Pair]>([
    [9, "3"],
    [10, "2.10"],
  ])("state %s: marks out of order are shown, with the manual way, and nothing is guessed", async (state, pair) => {
    await expect(through(state, pair, () => Promise.resolve())).rejects.toMatchObject({
      code: "SPLIT_REFUSED",
      message: expect.stringContaining("are there though earlier ones are not") as string,
      hint: expect.stringContaining("bulkhead db backup") as string,
    });
  });

  it.each<[StateNumber, string, string]>([
    [15, "Optuna", "bulkhead db backup"],
    [16, "Superset", "superset export-dashboards"],
  ])("state %s: a third application is refused by name, with the manual way", async (state, name, way) => {
    await expect(through(state, "2.10", () => Promise.resolve())).rejects.toMatchObject({
      code: "SPLIT_REFUSED",
      message: expect.stringContaining(name) as string,
      hint: expect.stringContaining(way) as string,
    });
  });
});

type Rows = Awaited<ReturnType<typeof readRows>>;

async function databasesOf(server: TestServer): Promise<readonly string[]> {
  return (await server.query("postgres", "SELECT datname FROM pg_database")).map((row) => String(row["datname"]));
}

/** Recordings that were read in, of which states are copies. */
function keptRecordings(databases: readonly string[]): readonly string[] {
  return databases.filter((name) => name.startsWith("recorded "));
}
