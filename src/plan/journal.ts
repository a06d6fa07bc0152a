import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import type { Ports } from "../ports/ports.ts";
import type { Plan, StepEvidence } from "./step.ts";

/** One line of a journal. A step that has no `begin` was never touched; `done` says what its own effect says too. */
export type JournalLine =
  | { readonly type: "plan"; readonly format: 1; readonly time: string; readonly plan: Plan }
  | { readonly type: "begin" | "undone"; readonly step: string }
  | { readonly type: "done"; readonly step: string; readonly evidence?: StepEvidence }
  /** From here on the plan is put back, never carried on. */
  | { readonly type: "turn" }
  | { readonly type: "end"; readonly outcome: PlanOutcome; readonly time: string };

/** `done` keeps what the plan set aside; `finished` has removed it; `undone` is as before the plan. */
export type PlanOutcome = "done" | "undone" | "finished";

/** What the lines of a journal come to. */
export interface JournalState {
  readonly plan: Plan;
  /** `open`: to be carried on or put back; `undoing`: to be put back. */
  readonly stage: "open" | "undoing" | PlanOutcome;
  /** When the plan was made, ISO 8601. */
  readonly since: string;
  /** Ids of the steps that may have had an effect. */
  readonly begun: ReadonlySet<string>;
  /** What the steps that are done gave, by id. */
  readonly evidence: ReadonlyMap<string, StepEvidence>;
}

/** A plan's journal on disk: every line is there before what it announces happens. */
export interface Journal {
  readonly path: string;
  state(): JournalState;
  /** Adds a line; resolves when it would outlast a power loss. Lines are written in the order of the calls. */
  append(line: JournalLine): Promise<void>;
}

type JournalPorts = Pick<Ports, "files">;

/** Begins the journal of a plan: the file `DIRECTORY/PLAN.jsonl`, mode 0600. */
export async function createJournal(io: JournalPorts, directory: string, plan: Plan, time: string): Promise<Journal> {
  await io.files.makeDirectory(directory, { mode: 0o700 });
  const path = join(directory, `${plan.id}.jsonl`);
  const first: JournalLine = { type: "plan", format: 1, time, plan };
  await io.files.writeText(path, `${JSON.stringify(first)}\n`, { mode: 0o600, exclusive: true });
  return journalOf(io, path, [first]);
}

/**
 * Every journal of a directory, the newest plan last.
 *
 * @throws ToolError STATE_FORMAT for one that a newer Bulkhead wrote
 */
export async function readJournals(io: JournalPorts, directory: string): Promise<readonly Journal[]> {
  if (!(await io.files.exists(directory))) return [];
  const journals: Journal[] = [];
  for (const name of await io.files.list(directory)) {
    if (!name.endsWith(".jsonl")) continue;
    const path = join(directory, name);
    journals.push(journalOf(io, path, parseLines(path, await io.files.readText(path))));
  }
  return journals.toSorted((left, right) => (left.state().since < right.state().since ? -1 : 1));
}

/** A line that the end of the machine cut announces nothing that happened: it is dropped. */
function parseLines(path: string, text: string): readonly JournalLine[] {
  const whole = text.split("\n").slice(0, -1);
  const lines = whole.flatMap((line) => {
    try {
      return [JSON.parse(line) as JournalLine];
    } catch {
      return [];
    }
  });
  const [first] = lines;
  if (first?.type !== "plan" || first.format !== 1) {
    throw new ToolError("STATE_FORMAT", `${path} was written by a newer Bulkhead, or is damaged.`, {
      hint: "npm install -g bulkhead@latest",
      detail: { path },
    });
  }
  return lines;
}

function journalOf(io: JournalPorts, path: string, read: readonly JournalLine[]): Journal {
  const lines = [...read];
  let last: Promise<void> = Promise.resolve();
  // A line may follow one that was cut: it begins on a line of its own.
  let separator = "\n";
  return {
    path,
    state: () => stateOf(lines),
    append(line) {
      lines.push(line);
      const text = `${separator}${JSON.stringify(line)}\n`;
      separator = "";
      last = last.then(() => io.files.appendText(path, text));
      return last;
    },
  };
}

function stateOf(lines: readonly JournalLine[]): JournalState {
  const [first] = lines;
  if (first?.type !== "plan") throw new Error("a journal begins with its plan");
  const begun = new Set<string>();
  const evidence = new Map<string, StepEvidence>();
  let stage: JournalState["stage"] = "open";
  for (const line of lines) {
    if (line.type === "begin") begun.add(line.step);
    else if (line.type === "done" && line.evidence !== undefined) evidence.set(line.step, line.evidence);
    else if (line.type === "turn") stage = "undoing";
    else if (line.type === "end") stage = line.outcome;
  }
  return { plan: first.plan, stage, since: first.time, begun, evidence };
}
