import type { ProgressEvent, ServiceState } from "../../core/event.ts";

/** What one live line shows. `since` is when it came into this state, in the caller's milliseconds. */
export interface ServiceProgress {
  readonly state: ServiceState;
  readonly detail: string | undefined;
  readonly seconds: number | undefined;
  readonly since: number;
}

export interface PrepareProgress {
  readonly phase: "found" | "resolving" | "downloading" | "building" | "ready";
  readonly detail: string | undefined;
  readonly seconds: number | undefined;
  readonly since: number;
}

/** All that the live display knows; maps keep the order in which things appeared. */
export interface ProgressState {
  readonly services: ReadonlyMap<string, ServiceProgress>;
  readonly prepares: ReadonlyMap<string, PrepareProgress>;
  /** Steps at work now. Finished ones are written out by the caller and leave the state. */
  readonly steps: ReadonlyMap<string, { readonly since: number; readonly text: string }>;
}

export const NO_PROGRESS: ProgressState = { services: new Map(), prepares: new Map(), steps: new Map() };

/** The state after an event at `now`. Warnings and notes are not part of it. */
export function reduceProgress(state: ProgressState, event: ProgressEvent, now: number): ProgressState {
  switch (event.type) {
    case "service": {
      const before = state.services.get(event.service);
      const same = before?.state === event.state && gist(before.detail) === gist(event.detail);
      const next = {
        state: event.state,
        detail: event.detail,
        seconds: event.seconds,
        since: same ? before.since : now,
      };
      return { ...state, services: new Map(state.services).set(event.service, next) };
    }
    case "prepare": {
      const before = state.prepares.get(event.subject);
      const since = before?.phase === event.phase ? before.since : now;
      const next = { phase: event.phase, detail: event.detail, seconds: event.seconds, since };
      return { ...state, prepares: new Map(state.prepares).set(event.subject, next) };
    }
    case "step": {
      const steps = new Map(state.steps);
      if (event.outcome === "running") {
        steps.set(event.id, { since: steps.get(event.id)?.since ?? now, text: event.evidence ?? "" });
      } else steps.delete(event.id);
      return { ...state, steps };
    }
    case "warning":
    case "note":
      return state;
  }
}

/** A detail without its digits: `12 of 40 MB` and `13 of 40 MB` say the same thing. */
export function gist(detail: string | undefined): string {
  return (detail ?? "").replace(/\d+([.,]\d+)*/g, "#");
}
