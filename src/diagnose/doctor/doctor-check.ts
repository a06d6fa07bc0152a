import type { DoctorPlace } from "./doctor-place.ts";

/** `fail`: something does not work, or is about to stop. `warn`: it works, and will not always. `unknown`: not to be told. */
export type DoctorOutcome = "ok" | "warn" | "fail" | "unknown";

/** What `--fix` may do by itself: it adds, gives back or sets what the file says; nothing that anybody keeps is lost by it. */
export interface DoctorFix {
  /** What it does, for people: `give the role airflow the password of the file`. */
  readonly title: string;
  /** Once more changes nothing. Throws where it cannot be done. */
  readonly apply: (signal: AbortSignal) => Promise<void>;
}

export interface DoctorAnswer {
  readonly outcome: DoctorOutcome;
  /** What was seen, with real names; one sentence or several. Never a secret. */
  readonly fact: string;
  /** Commands that cure it, a line each. */
  readonly cure?: string | undefined;
  readonly fix?: DoctorFix | undefined;
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
