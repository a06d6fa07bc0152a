/**
 * A probe's answer. `fine`: the part works. `not-yet`: it may still come up, ask again. `fault`: it will not by waiting
 * (a wrong password, a foreign revision).
 */
export type ProbeOutcome =
  | { readonly state: "fine"; readonly detail: string }
  | { readonly state: "not-yet"; readonly reason: string }
  | { readonly state: "fault"; readonly reason: string; readonly cause?: "password" | "role" | "database" };

export function fine(detail: string): ProbeOutcome {
  return { state: "fine", detail };
}

export function notYet(reason: string): ProbeOutcome {
  return { state: "not-yet", reason };
}
