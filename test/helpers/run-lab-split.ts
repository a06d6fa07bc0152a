import { isToolError } from "../../src/core/tool-error.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { readJournals } from "../../src/plan/journal.ts";
import type { StepMoment } from "../../src/plan/run-plan.ts";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import { findSplit, type SplitVerb } from "../../src/postgres/split/find-split.ts";
import { finishSplit, runSplit, undoSplit, type SplitRun } from "../../src/postgres/split/run-split.ts";
import { createLabProject, type LabProject } from "./lab-project.ts";
import { openTestAccess } from "./open-test-access.ts";

/** What is to be done with the newest split of a directory. */
export interface LabOrders {
  readonly url: string;
  /** Directory of the journals, absolute. */
  readonly journals: string;
  readonly verb: SplitVerb;
  readonly project: LabProject | undefined;
}

/** What others see of it while it runs; what they resolve is waited for. */
export interface LabWatch {
  readonly onMoment?: (moment: StepMoment, step: string) => Promise<void>;
  /** After each statement that the server has answered, with their number. */
  readonly onAnswer?: (answered: number) => Promise<void>;
}

export interface LabEnd {
  /** Statements that the server answered. */
  readonly queries: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | undefined } | undefined;
}

/** Carries a split on, puts it back or finishes it, from what its journal says. */
export async function runLabSplit(orders: LabOrders, watch: LabWatch = {}): Promise<LabEnd> {
  const { url, journals, verb, project } = orders;
  const io = createNodePorts();
  const signal = new AbortController().signal;
  let queries = 0;
  const counting = (access: ServerAccess): ServerAccess => ({
    ...access,
    connect: async (database, sessionSignal) => {
      const session = await access.connect(database, sessionSignal);
      return {
        close: () => session.close(),
        query: async (text, values) => {
          const rows = await session.query(text, values);
          queries += 1;
          await watch.onAnswer?.(queries);
          return rows;
        },
      };
    },
  });
  try {
    const run: SplitRun = {
      context: {
        io,
        server: counting(await openTestAccess(url, signal)),
        maintenance: "postgres",
        target: () => openTestAccess(project?.targetUrl ?? "", signal),
        project: project && createLabProject(project),
      },
      journal: findSplit(await readJournals(io, journals), verb),
      signal,
      onMoment: async (moment, step) => watch.onMoment?.(moment, step.id),
    };
    if (verb === "resume") await runSplit(run);
    else if (verb === "undo") await undoSplit(run);
    else await finishSplit(run);
    return { queries, error: undefined };
  } catch (error) {
    if (!isToolError(error)) throw error;
    const { code, message, hint } = error;
    return { queries, error: { code, message, hint } };
  }
}
