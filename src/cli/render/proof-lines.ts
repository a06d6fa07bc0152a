import type { ProofStep } from "../../core/result-rows.ts";
import { renderDuration } from "./duration.ts";
import type { Look } from "./look.ts";
import { paint, type Style } from "./styles.ts";
import { padTo } from "./text-width.ts";

/** Wide enough for the steps' names, so that times stand in one column although lines are written one by one. */
const ID_COLUMNS = 48;

const OUTCOMES = {
  ok: { word: "ok", style: "green" },
  failed: { word: "FAIL", style: "red" },
  unknown: { word: "?", style: "yellow" },
} as const satisfies Record<string, { word: string; style: Style }>;

/** One line a step with its time; what was seen follows, indented, where the step did not succeed. */
export function renderProofStep(step: ProofStep, look: Look): string {
  const outcome = OUTCOMES[step.ok === null ? "unknown" : step.ok ? "ok" : "failed"];
  const time = renderDuration(step.seconds).padStart(9);
  const line = `${paint(look, outcome.style, outcome.word.padEnd(4))} ${padTo(step.id, ID_COLUMNS)} ${paint(look, "dim", time)}`;
  if (step.ok === true || step.evidence === "") return line;
  return [
    line,
    ...step.evidence
      .trimEnd()
      .split("\n")
      .map((text) => `     ${text}`),
  ].join("\n");
}

/** The closing line: `Proven: 12 steps in 14.2 s.` or what failed and what could not be judged. */
export function renderProofSummary(steps: readonly ProofStep[], ok: boolean, look: Look): string {
  if (steps.length === 0) return "Nothing to prove: no running service of this project connects to a database.";
  const seconds = renderDuration(steps.reduce((sum, step) => sum + step.seconds, 0));
  const failed = steps.filter((step) => step.ok === false).length;
  const unknown = steps.filter((step) => step.ok === null).length;
  const rest = unknown === 0 ? "" : `, ${unknown} could not be judged`;
  const count = `${steps.length} ${steps.length === 1 ? "step" : "steps"}`;
  return ok
    ? `${paint(look, ["green", "bold"], "Proven")}: ${count} in ${seconds}${rest}.`
    : `${paint(look, ["red", "bold"], "Not proven")}: ${failed} of ${count} failed${rest} (${seconds}).`;
}
