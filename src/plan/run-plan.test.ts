import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeFiles } from "../node/node-files.ts";
import { createJournal, readJournals, type Journal } from "./journal.ts";
import { runPlan } from "./run-plan.ts";
import type { Plan, Step, StepKind } from "./step.ts";
import { undoPlan } from "./undo-plan.ts";

const io = { files: nodeFiles };
const step = (id: string, ...after: string[]): Step => ({ id, kind: "put", args: { name: id }, after, title: id });
const plan = (...steps: Step[]): Plan => ({ id: "plan-1", command: "test", steps });

let directory: string;
/** The world that the steps change. */
let world: Set<string>;
let told: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bh-plan-"));
  world = new Set();
  told = [];
});
afterEach(() => rm(directory, { recursive: true }));

const put: StepKind<AbortSignal> = {
  isDone: async (_, { id }) => world.has(id),
  apply: async (signal, { id }) => {
    signal.throwIfAborted();
    if (id.startsWith("bad")) throw new Error(`${id} fails`);
    world.add(id);
    return { made: id };
  },
  undo: async (_, { id }) => void world.delete(id),
};

const run = (journal: Journal) => ({
  journal,
  kinds: { put },
  context: (signal: AbortSignal) => signal,
  signal: new AbortController().signal,
  onMoment: (moment: string, { id }: Step) => void told.push(`${moment} ${id}`),
});
const begin = (...steps: Step[]) => createJournal(io, directory, plan(...steps), "2026-11-23T10:00:00.000Z");
const reopen = async () => (await readJournals(io, directory))[0] as Journal;

describe("runPlan", () => {
  it("does the steps in order and writes down what they found", async () => {
    const journal = await begin(step("b", "a"), step("a"));
    await runPlan(run(journal));
    expect(told).toEqual(["before a", "effect a", "after a", "before b", "effect b", "after b"]);
    const state = (await reopen()).state();
    expect([...state.begun]).toEqual(["a", "b"]);
    expect(state.evidence.get("b")).toEqual({ made: "b" });
  });

  it("leaves alone what the world has already, whatever the journal says", async () => {
    const journal = await begin(step("a"), step("b", "a"));
    world.add("a");
    await runPlan(run(journal));
    expect(told).toEqual(["before b", "effect b", "after b"]);
  });

  it("does a step again whose effect the world has lost", async () => {
    const journal = await begin(step("a"));
    await runPlan(run(journal));
    world.clear();
    await runPlan(run(await reopen()));
    expect([...world]).toEqual(["a"]);
  });

  it("runs steps at the same time that do not wait for each other", async () => {
    const journal = await begin(step("a"), step("b"));
    let here = 0;
    let allHere = (): void => undefined;
    const both = new Promise<void>((resolve) => (allHere = resolve));
    // Each of them ends only when the other one has begun.
    const apply = async (): Promise<void> => {
      if (++here === 2) allHere();
      await both;
    };
    await runPlan({ ...run(journal), kinds: { put: { ...put, apply } } });
    expect(told.filter((line) => line.startsWith("after")).toSorted()).toEqual(["after a", "after b"]);
  });

  it("begins nothing more after a failure", async () => {
    const journal = await begin(step("a"), step("bad b"), step("c", "a", "bad b"));
    await expect(runPlan(run(journal))).rejects.toThrow("bad b fails");
    expect(world.has("c")).toBe(false);
    expect((await reopen()).state().stage).toBe("open");
  });

  it("ends with the user's reason when the user ended it", async () => {
    const asked = new AbortController();
    const journal = await begin(step("a"), step("b", "a"));
    const onMoment = () => asked.abort(new Error("Ctrl-C"));
    await expect(runPlan({ ...run(journal), signal: asked.signal, onMoment })).rejects.toThrow("Ctrl-C");
  });
});

describe("undoPlan", () => {
  it("puts back what was begun, the last first, and nothing else", async () => {
    const journal = await begin(step("a"), step("b", "a"), step("bad c", "b"));
    await expect(runPlan(run(journal))).rejects.toThrow("bad c fails");
    world.add("bad c was half done");
    told = [];
    await undoPlan(run(journal));
    expect(told.filter((line) => line.startsWith("before"))).toEqual(["before bad c", "before b", "before a"]);
    expect([...world]).toEqual(["bad c was half done"]);
    expect((await reopen()).state().stage).toBe("undoing");
  });
});

describe("a journal", () => {
  it("is read without a line that was cut, and goes on after it", async () => {
    const { path } = await begin(step("a"), step("b"));
    await appendFile(path, '{"type":"begin","step":"a"}\n{"type":"done","st');
    const journal = await reopen();
    await journal.append({ type: "begin", step: "b" });
    await journal.append({ type: "end", outcome: "done", time: "2026-11-23T10:01:00.000Z" });
    const state = (await reopen()).state();
    expect([...state.begun]).toEqual(["a", "b"]);
    expect(state.stage).toBe("done");
  });

  it("of a newer release is refused", async () => {
    await writeFile(join(directory, "x.jsonl"), '{"type":"plan","format":2}\n');
    await expect(readJournals(io, directory)).rejects.toMatchObject({ code: "STATE_FORMAT" });
  });

  it("can be read by its owner alone, and begins with the plan", async () => {
    const { path } = await begin(step("a"));
    expect((await nodeFiles.stat(path))?.mode).toBe(0o600);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ type: "plan", format: 1, plan: { id: "plan-1" } });
  });
});
