import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitKinds } from "../../src/postgres/split/split-kinds.ts";
import {
  crashPoints,
  createSplitLab,
  type CrashPoint,
  type LabSplit,
  type SplitLab,
  type SplitLook,
} from "../helpers/split-lab.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

/**
 * Every crash point of each kind of plan, by the plans themselves: the process is killed there, or the postmaster, or both; then the
 * split is carried on, and another time put back. What is seen must be what an undisturbed split leaves, or what was before.
 */
const servers: TestServer[] = [];
/** Points are gone through side by side on this many pairs of servers. */
const laneCount = 2;
beforeAll(async () => {
  servers.push(...(await Promise.all(Array.from({ length: 2 * laneCount }, () => startTestServer(17)))));
});
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
});

const verbs = ["resume", "undo"] as const;

interface Lane {
  readonly lab: SplitLab;
  /** How all looks before a split, and after one that nobody disturbed. */
  readonly wanted: Readonly<Record<"undo" | "resume", SplitLook>>;
}

describe.each(["the same server", "a new server", "a server that is there"])("a split on %s", (where) => {
  const lanes: Lane[] = [];
  let points: readonly CrashPoint[];
  let queries = 0;
  beforeAll(async () => {
    for (let at = 0; at < laneCount; at++) {
      const [server, target] = servers.slice(2 * at) as [TestServer, TestServer];
      const lab = await createSplitLab(server, where === "the same server" ? undefined : target, {
        isServerThere: where === "a server that is there",
      });
      const split = await lab.begin();
      points = crashPoints(split.plan);
      const undo = await split.look();
      const end = await split.run("resume");
      if (end.error !== undefined) throw new Error(`${end.error.message}\n${end.error.hint}`);
      queries = end.queries;
      lanes.push({ lab, wanted: { undo, resume: await split.look() } });
    }
  });
  afterAll(async () => {
    for (const { lab } of lanes) await lab[Symbol.asyncDispose]();
  });

  /** Goes through points on all lanes; what is wrong is told of all of them, each with its point. */
  async function through<T>(all: readonly T[], work: (split: LabSplit, at: T, lane: Lane) => Promise<void>) {
    const left = [...all];
    const wrong: string[] = [];
    await Promise.all(
      lanes.map(async (lane) => {
        for (let at = left.shift(); at !== undefined; at = left.shift()) {
          try {
            await work(await lane.lab.begin(), at, lane);
          } catch (error) {
            wrong.push(`${JSON.stringify(at)}: ${error instanceof Error ? error.message : String(error)}`);
          }
        }
      }),
    );
    expect(wrong.join("\n\n")).toBe("");
  }

  it.each(verbs)("killed at every moment of every step: %s", (verb) =>
    through(points, async (split, at, { wanted }) => {
      expect(await split.kill("resume", at)).toEqual({ killed: true });
      await carryOn(split, verb);
      await expectLook(split, wanted[verb]);
    }),
  );

  it("killed after every statement: carried on and put back by turns", async () => {
    expect(queries).toBeGreaterThan(points.length);
    await through(
      Array.from({ length: queries }, (_, at) => at + 1),
      async (split, query, { wanted }) => {
        const verb = verbs[query % 2] as (typeof verbs)[number];
        // Steps that run side by side do not come in the same order each time: the last statements may be fewer.
        if (!(await split.kill("resume", { query })).killed) return;
        await carryOn(split, verb);
        await expectLook(split, wanted[verb]);
      },
    );
  });

  it.each(verbs)("killed with its postmaster at every moment of every step: %s", (verb) =>
    through(points, async (split, at, { wanted }) => {
      expect(await split.loseServer(at, { both: true })).toEqual({ killed: true });
      await carryOn(split, verb);
      await expectLook(split, wanted[verb]);
    }),
  );

  it("whose postmaster is killed at every moment of every step: one error, and back, or open to be carried on", () =>
    through(points, async (split, at, { wanted }) => {
      const { error } = await split.loseServer(at, { both: false });
      const isBack = error?.hint?.includes("as it was") === true;
      if (error !== undefined && !isBack) await carryOn(split, "resume");
      await expectLook(split, wanted[isBack ? "undo" : "resume"]);
    }));

  it("killed while it goes back, at every moment of every step that has something to put back", () =>
    through(points.filter(hasUndo), async (split, at, { wanted }) => {
      await carryOn(split, "resume");
      expect(await split.kill("undo", at)).toEqual({ killed: true });
      await carryOn(split, "undo");
      await expectLook(split, wanted.undo);
    }));
});

async function carryOn(split: LabSplit, verb: "resume" | "undo"): Promise<void> {
  const { error } = await split.run(verb);
  if (error !== undefined) throw new Error(`${verb}: ${error.code}: ${error.message}\n${error.hint ?? ""}`);
}

/** Part by part, so that what is not as it should be is told by its name. */
async function expectLook(split: LabSplit, wanted: SplitLook): Promise<void> {
  const seen = await split.look();
  for (const part of ["server", "target", "files", "running"] as const) {
    const [is, should] = [JSON.stringify(seen[part]) ?? "", JSON.stringify(wanted[part]) ?? ""];
    if (is !== should) throw new Error(`${part}: ${firstDifference(is, should)}`);
  }
}

function firstDifference(is: string, should: string): string {
  let at = 0;
  while (is[at] === should[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 100), at + 200);
  return `it is ...${around(is)}... and should be ...${around(should)}...`;
}

function hasUndo(at: CrashPoint): boolean {
  const [kind = ""] = "step" in at ? at.step.split(" ") : [];
  return splitKinds[kind]?.undo !== undefined;
}
