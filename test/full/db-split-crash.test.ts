import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crashPoints, createSplitLab, type CrashPoint, type SplitLab } from "../helpers/split-lab.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

/**
 * Every crash point of both plans, by the plans themselves: the process is killed there, or the postmaster, or both; then the
 * split is carried on, and another time put back. What is seen must be what an undisturbed split leaves, or what was before.
 */
let server: TestServer;
let target: TestServer;
beforeAll(async () => {
  [server, target] = await Promise.all([startTestServer(17), startTestServer(17)]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
});

const verbs = ["resume", "undo"] as const;

describe.each(["the same server", "another server"])("a split on %s", (where) => {
  let lab: SplitLab;
  let points: readonly CrashPoint[];
  let queries = 0;
  let before: unknown;
  let after: unknown;
  const wanted = (verb: (typeof verbs)[number]): unknown => (verb === "undo" ? before : after);
  beforeAll(async () => {
    lab = await createSplitLab(server, where === "another server" ? target : undefined);
    const split = await lab.begin();
    points = crashPoints(split.plan);
    before = await split.look();
    const end = await split.run("resume");
    if (end.error !== undefined) throw new Error(`${end.error.message}\n${end.error.hint}`);
    queries = end.queries ?? 0;
    after = await split.look();
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it.each(verbs)("killed at every moment of every step: %s", async (verb) => {
    for (const at of points) {
      const split = await lab.begin();
      expect(await split.run("resume", at), JSON.stringify(at)).toMatchObject({ killed: true });
      expect((await split.run(verb)).error, JSON.stringify(at)).toBeUndefined();
      expect(await split.look(), JSON.stringify(at)).toEqual(wanted(verb));
    }
  });

  it("killed after every statement: carried on and put back by turns", async () => {
    for (let query = 1; query <= queries; query++) {
      const verb = verbs[query % 2] as (typeof verbs)[number];
      const split = await lab.begin();
      // Steps that run side by side do not come in the same order each time: the last statements may be fewer.
      const end = await split.run("resume", { query });
      if (!end.killed) continue;
      expect((await split.run(verb)).error, `statement ${query}`).toBeUndefined();
      expect(await split.look(), `statement ${query}`).toEqual(wanted(verb));
    }
  });

  it.each(verbs)("killed with its postmaster at every moment of every step: %s", async (verb) => {
    for (const at of points) {
      const split = await lab.begin();
      expect(await split.loseServer(at, { both: true }), JSON.stringify(at)).toMatchObject({ killed: true });
      expect((await split.run(verb)).error, JSON.stringify(at)).toBeUndefined();
      expect(await split.look(), JSON.stringify(at)).toEqual(wanted(verb));
    }
  });

  it("whose postmaster is killed before every step: one error, and back, or open to be carried on", async () => {
    for (const at of points.filter((point) => "moment" in point && point.moment === "before")) {
      const split = await lab.begin();
      const { error } = await split.loseServer(at, { both: false });
      const isBack = error?.hint.includes("as it was") === true;
      if (error !== undefined && !isBack) await split.run("resume");
      expect(await split.look(), JSON.stringify(at)).toEqual(wanted(isBack ? "undo" : "resume"));
    }
  });

  it("killed while it goes back, at every moment of every step", async () => {
    for (const at of points) {
      const split = await lab.begin();
      expect((await split.run("resume")).error).toBeUndefined();
      // Steps that have nothing to put back have no moments.
      await split.run("undo", at);
      const again = await split.run("undo");
      expect(again.error?.message ?? "the last one is undone", JSON.stringify(at)).toContain("the last one is undone");
      expect(await split.look(), JSON.stringify(at)).toEqual(before);
    }
  });
});
