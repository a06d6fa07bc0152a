import { ToolError } from "../core/tool-error.ts";
import { createJournal, readJournals, type Journal } from "../plan/journal.ts";
import type { StepMoment } from "../plan/run-plan.ts";
import type { Step } from "../plan/step.ts";
import type { OwnerId } from "../postgres/database-verdict.ts";
import { findOpenSplit, findSplit, openSplit } from "../postgres/split/find-split.ts";
import { measureNewWrites, type NewWrites } from "../postgres/split/measure-new-writes.ts";
import { planNewSplit } from "../postgres/split/plan-new-split.ts";
import {
  finishSplit,
  runSplit,
  splitContext,
  undoSplit,
  type SplitOutcome,
  type SplitRun,
} from "../postgres/split/run-split.ts";
import type { SplitSummary } from "../postgres/split/summarize-split.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { lookAtDatabase } from "./split/look-at-database.ts";
import { openUrlPlace } from "./split/open-url-place.ts";
import type { SplitPlace } from "./split/split-place.ts";

export interface DbSplitOptions {
  /** `SERVER/DATABASE`, `DATABASE` or nothing. */
  readonly subject: string | undefined;
  /** `--url`: a server that is in no project. */
  readonly url: string | undefined;
  /** `--app`: the application that leaves the database. */
  readonly app: OwnerId | undefined;
  /** `--to-server`: what the new PostgreSQL service is called. */
  readonly toServer: string | undefined;
  readonly sameServer: boolean;
  /** `--name`: the database it gets on the same server. */
  readonly name: string | undefined;
  /** `--role`: the ordinary role it gets. */
  readonly role: string | undefined;
  readonly verb: "split" | "resume" | "undo" | "finish";
  readonly dryRun: boolean;
  readonly terminate: boolean;
  /** `--backup`: a verified dump of the original too. */
  readonly backup: boolean;
  /** Told the plan before anything is done. */
  readonly announce: (planned: DbSplitResult) => Promise<void>;
  /** Asked before what cannot be taken back: `undo` after new writes. */
  readonly confirm: (question: string) => Promise<boolean>;
}

export interface DbSplitResult {
  readonly did: "planned" | "nothing" | "split" | "undone" | "finished";
  /** Undefined when there was nothing to plan. */
  readonly summary: SplitSummary | undefined;
  readonly steps: readonly Step[];
  /** What each application has now. */
  readonly outcomes: readonly SplitOutcome[];
  /** What was lost by going back. */
  readonly lost: readonly NewWrites[];
  /** Why nothing was to be done, as sentences. */
  readonly because: readonly string[];
  readonly database: string;
}

/**
 * Separates the applications that share a database, or goes on with, puts back or finishes such a split.
 *
 * @throws ToolError SPLIT_REFUSED, PLAN_OPEN, PROJECT_BUSY, POSTGRES_FAILED, POSTGRES_UNREACHABLE, DISK_FULL, FILE_CHANGED
 */
export async function dbSplit(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbSplitOptions,
): Promise<DbSplitResult> {
  return withPlace(context, options, wanted, async (place) => {
    const journals = await readJournals(context.ports, place.journals);
    if (wanted.verb === "split") return split(context, place, wanted, journals);
    const run = runOf(context, place, findSplit(journals, wanted.verb));
    switch (wanted.verb) {
      case "resume":
        return { ...nothing(place), did: "split", steps: stepsOf(run), outcomes: await runSplit(run) };
      case "undo":
        return { ...nothing(place), did: "undone", steps: stepsOf(run), lost: await goBack(run, wanted) };
      case "finish":
        await finishSplit(run);
        return { ...nothing(place), did: "finished", steps: stepsOf(run) };
    }
  });
}

async function withPlace(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbSplitOptions,
  work: (place: SplitPlace) => Promise<DbSplitResult>,
): Promise<DbSplitResult> {
  if (wanted.url === undefined) {
    const { withProjectPlace } = await import("./split/with-project-place.ts");
    return withProjectPlace(context, options, wanted, work);
  }
  const { subject: database, name, role } = wanted;
  return work(await openUrlPlace(context, wanted.url, { database, name, role }));
}

async function split(
  context: ActionContext,
  place: SplitPlace,
  { app, terminate, backup, dryRun, announce }: DbSplitOptions,
  journals: readonly Journal[],
): Promise<DbSplitResult> {
  const open = findOpenSplit(journals);
  if (open !== undefined) throw openSplit(open);
  const subject = await lookAtDatabase(place, context.signal);
  const { prepare, ...wishes } = await place.wishes();
  const planned = planNewSplit(context.ports, subject, {
    leaves: app,
    terminate,
    journals: place.journals,
    backups: place.backups,
    backup,
    ...wishes,
  });
  if (planned === undefined) {
    const { fact, next } = subject.verdict;
    return { ...nothing(place), because: [fact, ...next] };
  }
  const { plan, summary } = planned;
  const result = { ...nothing(place), summary, steps: plan.steps };
  const announced: DbSplitResult = { ...result, did: "planned" };
  if (dryRun) return announced;
  await announce(announced);
  await prepare();
  const { clock } = context.ports;
  const journal = await createJournal(context.ports, place.journals, plan, new Date(clock.now()).toISOString());
  return { ...result, did: "split", outcomes: await runSplit(runOf(context, place, journal)) };
}

async function goBack(run: SplitRun, { confirm }: DbSplitOptions): Promise<readonly NewWrites[]> {
  const { journal } = run;
  const writes = journal.state().stage === "done" ? await measureNewWrites(splitContext(run), journal) : [];
  if (writes.length > 0 && !(await confirm(`${tell(writes)} Go back and lose that?`))) {
    throw new ToolError("SPLIT_REFUSED", tell(writes), {
      hint: "Save what is needed with: bulkhead db backup\nThen go back all the same: bulkhead db split --undo --yes",
      detail: { lost: writes },
      exitCode: 1,
    });
  }
  await undoSplit(run);
  return writes;
}

function tell(writes: readonly NewWrites[]): string {
  const parts = writes.map(({ part, database, tables }) => {
    const shown = tables
      .slice(0, 5)
      .map(({ table, rows }) => `${table} (${rows === 0 ? "changed" : `${rows > 0 ? "+" : ""}${rows} rows`})`);
    const more = tables.length > 5 ? ` and ${tables.length - 5} more` : "";
    return `${part} wrote to ${database} since the split: ${shown.join(", ")}${more}.`;
  });
  return parts.join(" ");
}

function nothing({ database }: SplitPlace): DbSplitResult {
  return { did: "nothing", summary: undefined, steps: [], outcomes: [], lost: [], because: [], database };
}

function stepsOf({ journal }: SplitRun): readonly Step[] {
  return journal.state().plan.steps;
}

/** Each step is told as it begins and ends. */
function runOf({ ports, emit, signal }: ActionContext, { context }: SplitPlace, journal: Journal): SplitRun {
  const since = new Map<string, number>();
  const onMoment = (moment: StepMoment, { title }: Step): void => {
    const id = journal.state().stage === "undoing" ? `undo: ${title}` : title;
    if (moment === "before") {
      since.set(id, ports.clock.now());
      emit({ type: "step", id, outcome: "running" });
    } else if (moment === "after") {
      emit({
        type: "step",
        id,
        outcome: "ok",
        seconds: (ports.clock.now() - (since.get(id) ?? ports.clock.now())) / 1000,
      });
    }
  };
  return { context, journal, signal, onMoment };
}
