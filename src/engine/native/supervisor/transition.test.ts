import { describe, expect, it } from "vitest";
import type { RestartPolicy } from "../unit.ts";
import { defaultTiming, newMachine, transition, type UnitEvent, type UnitMachine } from "./transition.ts";

const at = 1_000_000;
const always: RestartPolicy = { when: "always" };
const never: RestartPolicy = { when: "no" };

const states = ["stopped", "starting", "running", "backing-off", "crash-loop", "exited", "stopping"] as const;
type State = (typeof states)[number];
const events: Readonly<Record<UnitEvent["type"], UnitEvent>> = {
  start: { type: "start", at },
  restart: { type: "restart", at },
  stop: { type: "stop", at },
  spawned: { type: "spawned", at },
  adopted: { type: "adopted", startedAt: at - 5000 },
  ended: { type: "ended", at, exitCode: 1 },
  "delay-over": { type: "delay-over", at },
};

function inState(state: State, more: Partial<UnitMachine> = {}): UnitMachine {
  return { ...newMachine, state, startedAt: at - 60_000, ...more };
}

/** "state effect,effect" of what follows; "-" when nothing changes at all. */
function follow(state: State, event: UnitEvent["type"], policy: RestartPolicy): string {
  const before = inState(state);
  const { machine, effects } = transition(before, events[event], policy);
  if (machine === before) return ["-", ...effects.map(({ kind }) => kind)].join(" ");
  return [machine.state + (machine.again ? "+again" : ""), ...effects.map(({ kind }) => kind)].join(" ");
}

describe("transition", () => {
  it("is this table, for every state and event", () => {
    const table = states.map((state) =>
      Object.fromEntries([
        ["state", state],
        ...Object.keys(events).map((event) => [event, follow(state, event as UnitEvent["type"], always)]),
      ]),
    );
    const fresh = "starting spawn";
    const late = "starting cancel-delay spawn";
    const halt = "stopping end";
    const again = "stopping+again end";
    const back = "backing-off clear delay";
    const none = { start: "-", restart: "-", stop: "-", spawned: "-", adopted: "-", ended: "-", "delay-over": "-" };
    const delayed = { ...none, start: late, restart: late, stop: "stopped cancel-delay clear", "delay-over": fresh };
    const resting = { ...none, start: fresh, restart: fresh, stop: "stopped clear", adopted: "running" };
    expect(table).toEqual([
      { ...resting, state: "stopped" },
      { ...none, state: "starting", restart: again, stop: halt, spawned: "running", ended: back },
      { ...none, state: "running", restart: again, stop: halt, spawned: "running", ended: back },
      { ...delayed, state: "backing-off" },
      { ...delayed, state: "crash-loop" },
      { ...resting, state: "exited" },
      {
        ...none,
        state: "stopping",
        start: "stopping+again",
        restart: "stopping+again",
        stop: "stopping",
        ended: "stopped",
      },
    ]);
  });

  it("stays ended without a policy", () => {
    expect(follow("running", "ended", never)).toBe("exited clear");
    expect(follow("starting", "ended", never)).toBe("exited clear");
  });

  it("starts again after the stop of a restart, as new", () => {
    const stopping = inState("stopping", { again: true, restarts: 3, quickExits: 4 });
    const { machine, effects } = transition(stopping, events.ended, always);
    expect(machine).toEqual({ ...newMachine, state: "starting" });
    expect(effects).toEqual([{ kind: "spawn" }]);
  });

  it("a stop takes back a restart that waits for the end", () => {
    expect(transition(inState("stopping", { again: true }), events.stop, always).machine.again).toBe(false);
  });

  it("on-failure restarts failures and unknown ends, so often", () => {
    const policy: RestartPolicy = { when: "on-failure", maximumRetries: 2 };
    const after = (exitCode: number | undefined, restarts: number): string =>
      transition(inState("running", { restarts }), { type: "ended", at, exitCode }, policy).machine.state;
    expect(after(0, 0)).toBe("exited");
    expect(after(1, 1)).toBe("backing-off");
    expect(after(undefined, 1)).toBe("backing-off");
    expect(after(1, 2)).toBe("exited");
    const endless: RestartPolicy = { when: "on-failure" };
    expect(transition(inState("running", { restarts: 999 }), events.ended, endless).machine.state).toBe("backing-off");
  });

  it("doubles the delay up to its maximum, and names a crash loop after five quick exits", () => {
    let machine = inState("starting", { startedAt: undefined });
    const seen: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      machine = transition(machine, { type: "spawned", at }, always).machine;
      const next = transition(machine, { type: "ended", at: at + 9999, exitCode: 1 }, always);
      const delay = next.effects.find((effect) => effect.kind === "delay");
      seen.push(`${next.machine.state} ${delay?.ms}`);
      machine = transition(next.machine, events["delay-over"], always).machine;
    }
    expect(seen).toEqual([
      "backing-off 1000",
      "backing-off 2000",
      "backing-off 4000",
      "backing-off 8000",
      "crash-loop 16000",
      "crash-loop 30000",
      "crash-loop 30000",
      "crash-loop 30000",
    ]);
    expect(machine.restarts).toBe(8);
  });

  it("forgets quick exits after ten seconds of running", () => {
    const long = inState("running", { quickExits: 4, startedAt: at - defaultTiming.quickMs });
    const { machine, effects } = transition(long, events.ended, always);
    expect(machine).toMatchObject({ state: "backing-off", quickExits: 0, exitCode: 1, endedAt: at });
    expect(effects).toContainEqual({ kind: "delay", ms: 1000 });
  });

  it("keeps the counters over its own restarts and drops them when somebody asks for a start", () => {
    const waiting = inState("crash-loop", { restarts: 4, quickExits: 5 });
    expect(transition(waiting, events["delay-over"], always).machine).toMatchObject({ restarts: 5, quickExits: 5 });
    expect(transition(waiting, events.start, always).machine).toMatchObject({ restarts: 0, quickExits: 0 });
  });

  it("an adopted unit keeps what its predecessor counted", () => {
    const { machine } = transition(inState("exited", { restarts: 2 }), events.adopted, always);
    expect(machine).toMatchObject({ state: "running", restarts: 2, startedAt: at - 5000 });
  });
});
