import type { RestartPolicy, UnitStatus } from "../unit.ts";

/** The supervisor's knowledge of one unit, without anything that has an effect. Times in milliseconds since the epoch. */
export interface UnitMachine {
  readonly state: UnitStatus["state"];
  /** While stopping: start again as soon as everything has ended. */
  readonly again: boolean;
  /** Automatic restarts since somebody last asked for a start. */
  readonly restarts: number;
  /** Ends in a row after less than `RestartTiming.quickMs` of running. */
  readonly quickExits: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly exitCode: number | undefined;
}

export type UnitEvent =
  /** Somebody wants it to run; no-op when it does. */
  | { readonly type: "start"; readonly at: number }
  | { readonly type: "restart"; readonly at: number }
  | { readonly type: "stop"; readonly at: number }
  | { readonly type: "spawned"; readonly at: number }
  /** A living unit of an earlier supervisor was recognised by its lease. */
  | { readonly type: "adopted"; readonly startedAt: number }
  /** The unit's first process ended; while stopping: everything of it ended. */
  | { readonly type: "ended"; readonly at: number; readonly exitCode: number | undefined }
  | { readonly type: "delay-over"; readonly at: number };

export type UnitEffect =
  | { readonly kind: "spawn" }
  /** Stop signal, grace, KILL; then the event `ended`. */
  | { readonly kind: "end" }
  /** End what a dead unit left behind. A later `spawn` waits for it. */
  | { readonly kind: "clear" }
  /** The event `delay-over` after so many milliseconds. */
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "cancel-delay" };

export interface RestartTiming {
  readonly firstDelayMs: number;
  readonly maximumDelayMs: number;
  /** Shorter runs are quick exits; a longer one resets the delay. */
  readonly quickMs: number;
  readonly crashLoopAfter: number;
}

/** Docker's own back-off shape, slower at the start: an Airflow component needs seconds to come up at all. */
export const defaultTiming: RestartTiming = {
  firstDelayMs: 1000,
  maximumDelayMs: 30_000,
  quickMs: 10_000,
  crashLoopAfter: 5,
};

export const newMachine: UnitMachine = {
  state: "stopped",
  again: false,
  restarts: 0,
  quickExits: 0,
  startedAt: undefined,
  endedAt: undefined,
  exitCode: undefined,
};

export interface Transition {
  readonly machine: UnitMachine;
  readonly effects: readonly UnitEffect[];
}

/**
 * The whole life of a unit as a table. Events that mean nothing in a state change nothing. In `crash-loop` the unit is
 * still tried again, at the longest intervals, as its restart policy says; the name tells that it does not stay up.
 */
export function transition(
  machine: UnitMachine,
  event: UnitEvent,
  policy: RestartPolicy,
  timing: RestartTiming = defaultTiming,
): Transition {
  switch (machine.state) {
    case "stopped":
    case "exited":
      return fromRest(machine, event);
    case "starting":
    case "running":
      return fromLife(machine, event, policy, timing);
    case "backing-off":
    case "crash-loop":
      return fromDelay(machine, event);
    case "stopping":
      return fromStopping(machine, event);
  }
}

function fromRest(machine: UnitMachine, event: UnitEvent): Transition {
  switch (event.type) {
    case "start":
    case "restart":
      return firstStart();
    case "stop":
      return { machine: { ...machine, state: "stopped" }, effects: [{ kind: "clear" }] };
    case "adopted":
      return { machine: { ...machine, state: "running", startedAt: event.startedAt }, effects: [] };
    case "spawned":
    case "ended":
    case "delay-over":
      return unchanged(machine);
  }
}

function fromLife(machine: UnitMachine, event: UnitEvent, policy: RestartPolicy, timing: RestartTiming): Transition {
  switch (event.type) {
    case "spawned":
      return { machine: { ...machine, state: "running", startedAt: event.at, endedAt: undefined }, effects: [] };
    case "ended":
      return afterEnd(machine, event, policy, timing);
    case "stop":
      return { machine: { ...machine, state: "stopping", again: false }, effects: [{ kind: "end" }] };
    case "restart":
      return { machine: { ...machine, state: "stopping", again: true }, effects: [{ kind: "end" }] };
    case "start":
    case "adopted":
    case "delay-over":
      return unchanged(machine);
  }
}

function fromDelay(machine: UnitMachine, event: UnitEvent): Transition {
  switch (event.type) {
    case "delay-over":
      return {
        machine: { ...machine, state: "starting", restarts: machine.restarts + 1 },
        effects: [{ kind: "spawn" }],
      };
    case "start":
    case "restart": {
      const { machine: next, effects } = firstStart();
      return { machine: next, effects: [{ kind: "cancel-delay" }, ...effects] };
    }
    case "stop":
      return {
        machine: { ...machine, state: "stopped" },
        effects: [{ kind: "cancel-delay" }, { kind: "clear" }],
      };
    case "spawned":
    case "adopted":
    case "ended":
      return unchanged(machine);
  }
}

function fromStopping(machine: UnitMachine, event: UnitEvent): Transition {
  switch (event.type) {
    case "ended":
      return machine.again
        ? firstStart()
        : {
            machine: { ...machine, state: "stopped", endedAt: event.at, exitCode: event.exitCode },
            effects: [],
          };
    case "start":
    case "restart":
      return { machine: { ...machine, again: true }, effects: [] };
    case "stop":
      return { machine: { ...machine, again: false }, effects: [] };
    case "spawned":
    case "adopted":
    case "delay-over":
      return unchanged(machine);
  }
}

function afterEnd(
  machine: UnitMachine,
  event: { readonly at: number; readonly exitCode: number | undefined },
  policy: RestartPolicy,
  timing: RestartTiming,
): Transition {
  const ran = event.at - (machine.startedAt ?? event.at);
  const ended: UnitMachine = {
    ...machine,
    endedAt: event.at,
    exitCode: event.exitCode,
    quickExits: ran < timing.quickMs ? machine.quickExits + 1 : 0,
  };
  if (!restartsAfter(policy, event.exitCode, machine.restarts)) {
    return { machine: { ...ended, state: "exited" }, effects: [{ kind: "clear" }] };
  }
  const ms = Math.min(timing.maximumDelayMs, timing.firstDelayMs * 2 ** Math.max(0, ended.quickExits - 1));
  const state = ended.quickExits >= timing.crashLoopAfter ? "crash-loop" : "backing-off";
  return { machine: { ...ended, state }, effects: [{ kind: "clear" }, { kind: "delay", ms }] };
}

/** An end nobody could learn the status of counts as a failure. */
function restartsAfter(policy: RestartPolicy, exitCode: number | undefined, restarts: number): boolean {
  switch (policy.when) {
    case "no":
      return false;
    case "always":
    case "unless-stopped":
      return true;
    case "on-failure":
      return exitCode !== 0 && restarts < (policy.maximumRetries ?? Number.POSITIVE_INFINITY);
  }
}

function firstStart(): Transition {
  return { machine: { ...newMachine, state: "starting" }, effects: [{ kind: "spawn" }] };
}

function unchanged(machine: UnitMachine): Transition {
  return { machine, effects: [] };
}
