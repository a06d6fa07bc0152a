import type { DoctorPlace } from "./doctor-place.ts";

/** `fail`: something does not work, or is about to stop. `warn`: it works, and will not always. `unknown`: not to be told. */
export type DoctorOutcome = "ok" | "warn" | "fail" | "unknown";

export interface DoctorAnswer {
  readonly outcome: DoctorOutcome;
  /** What was seen, with real names; one sentence or several. Never a secret. */
  readonly fact: string;
  /** Commands that cure it, a line each. */
  readonly cure?: string | undefined;
}

/** One thing that a check looks at: a connection, a directory, a server. */
export interface DoctorQuestion {
  /** Its name where a check has several. */
  readonly subject?: string;
  /** What it throws is an unknown answer, with the error's message as the fact. */
  readonly ask: (signal: AbortSignal) => Promise<DoctorAnswer>;
}

/** A check of `doctor`: what it asks of a place. It changes nothing there. */
export interface DoctorCheck {
  readonly id: string;
  readonly title: string;
  readonly scope: "host" | "stack";
  /** Each of its questions has so long, milliseconds. */
  readonly limitMs?: number;
  /** None where the check does not apply. */
  questions(place: DoctorPlace): readonly DoctorQuestion[];
}
