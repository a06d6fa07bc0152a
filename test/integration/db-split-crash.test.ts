import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { splitKinds } from "../../src/postgres/split/split-kinds.ts";
import { crashPoints, createSplitLab, type CrashPoint, type SplitLab } from "../helpers/split-lab.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

// Only what hangs takes so long.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** A few of the points that test/full/db-split-crash.test.ts goes through one by one. */
let server: TestServer;
let target: TestServer;
let lab: SplitLab;
let other: SplitLab;
/** How all looks before a split and after one that nobody disturbed. */
const before = { same: undefined as unknown, other: undefined as unknown };
const after = { same: undefined as unknown, other: undefined as unknown };

beforeAll(async () => {
  [server, target] = await Promise.all([startTestServer(17), startTestServer(17)]);
  lab = await createSplitLab(server);
  other = await createSplitLab(server, target);
  for (const [name, one] of [
    ["same", lab],
    ["other", other],
  ] as const) {
    const split = await one.begin();
    before[name] = await split.look();
    const { error } = await split.run("resume");
    if (error !== undefined) throw new Error(`${error.message}\n${error.hint}`);
    after[name] = await split.look();
  }
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
});

describe("a split that is killed", () => {
  it.each<[string, CrashPoint, "resume" | "undo"]>([
    ["with the database closed", { step: "close-database", moment: "effect" }, "undo"],
    ["with one copy made", { step: "copy-database mlflow", moment: "effect" }, "resume"],
    ["with the original set aside", { step: "set-aside", moment: "effect" }, "undo"],
    ["with the copies in place", { step: "swap-in", moment: "effect" }, "resume"],
    ["in the middle of its statements", { query: 77 }, "resume"],
  ])("%s", async (_, at, verb) => {
    const split = await lab.begin();
    expect(await split.kill("resume", at)).toMatchObject({ killed: true });
    expect((await split.run(verb)).error).toBeUndefined();
    expect(await split.look()).toEqual(verb === "undo" ? before.same : after.same);
  });

  it.each<[string, CrashPoint, "resume" | "undo"]>([
    ["before anything is stopped", { step: "claim-database", moment: "effect" }, "undo"],
    ["with the files edited", { step: "edit-files", moment: "effect" }, "undo"],
    ["with the data on the other server", { step: "transfer-copy mlflow", moment: "effect" }, "resume"],
  ])("on its way to another server, %s", async (_, at, verb) => {
    const split = await other.begin();
    expect(await split.kill("resume", at)).toMatchObject({ killed: true });
    expect((await split.run(verb)).error).toBeUndefined();
    expect(await split.look()).toEqual(verb === "undo" ? before.other : after.other);
  });

  it("on its way to another server, with the server, while the copy that went there is removed", async () => {
    const split = await other.begin();
    expect(await split.kill("resume", { step: "drop-copy mlflow", moment: "before" })).toEqual({ killed: true });
    // What a DROP DATABASE leaves that ends with its server.
    const [cut] = await server.query(
      "postgres",
      `UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'bulkhead ${split.plan.id} mlflow' RETURNING datname`,
    );
    expect(cut).toBeDefined();
    expect((await split.run("resume")).error).toBeUndefined();
    expect(await split.look()).toEqual(after.other);
  });

  it("while it goes back", async () => {
    const split = await lab.begin();
    expect((await split.run("resume")).error).toBeUndefined();
    expect(await split.kill("undo", { step: "set-aside", moment: "effect" })).toMatchObject({ killed: true });
    expect(await split.run("resume")).toMatchObject({ error: { code: "PLAN_OPEN" } });
    expect((await split.run("undo")).error).toBeUndefined();
    expect(await split.look()).toEqual(before.same);
  });

  it("together with its server", async () => {
    const split = await lab.begin();
    expect(await split.loseServer({ step: "copy-database airflow", moment: "effect" }, { both: true })).toMatchObject({
      killed: true,
    });
    expect((await split.run("resume")).error).toBeUndefined();
    expect(await split.look()).toEqual(after.same);
  });
});

it("a split whose server is killed tells it once and goes back", async () => {
  const split = await lab.begin();
  const { error } = await split.loseServer({ step: "clear-copy airflow", moment: "before" }, { both: false });
  expect(error).toMatchObject({ code: "POSTGRES_UNREACHABLE", hint: expect.stringContaining("as it was") as string });
  expect(await split.look()).toEqual(before.same);
});

it("a split waits for a lock that is let go soon, and refuses one that is kept", async () => {
  const split = await lab.begin();
  const holder = await server.connect("postgres");
  try {
    await holder.query("SELECT pg_advisory_lock(7094709391286068580)");
    expect((await split.run("resume")).error).toMatchObject({ code: "PROJECT_BUSY" });
    const waiting = split.run("resume");
    await vi.waitUntil(async () => {
      const asked = "query LIKE '%advisory_lock%' AND application_name LIKE 'bulkhead split-%'";
      const [row] = await server.query("postgres", `SELECT count(*)::int AS seen FROM pg_stat_activity WHERE ${asked}`);
      return row?.["seen"] === 1;
    }, 60_000);
    await holder.query("SELECT pg_advisory_unlock_all()");
    expect((await waiting).error).toBeUndefined();
  } finally {
    await holder.close();
  }
  expect(await split.look()).toEqual(after.same);
});

it("a split to a server that is there: killed with its database made, and carried on", async () => {
  await using there = await createSplitLab(server, target, { isServerThere: true });
  const undisturbed = await there.begin();
  expect((await undisturbed.run("resume")).error).toBeUndefined();
  const wanted = await undisturbed.look();
  const owners = await target.query(
    "mlflow",
    "SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace",
  );
  expect(owners).toEqual([{ owner: "mlflow" }]);
  const split = await there.begin();
  expect(await split.kill("resume", { step: "create-database mlflow", moment: "effect" })).toEqual({ killed: true });
  expect((await split.run("resume")).error).toBeUndefined();
  expect(await split.look()).toEqual(wanted);
});

it("every kind of step has its crash points in one of the plans", async () => {
  await using there = await createSplitLab(server, target, { isServerThere: true });
  const plans = [(await lab.begin()).plan, (await other.begin()).plan, (await there.begin()).plan];
  const kinds = new Set(plans.flatMap(({ steps }) => steps.map(({ kind }) => kind)));
  expect([...kinds].toSorted()).toEqual(Object.keys(splitKinds).toSorted());
  for (const plan of plans) expect(crashPoints(plan)).toHaveLength(3 * plan.steps.length);
});
