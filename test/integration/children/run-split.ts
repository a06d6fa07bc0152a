/**
 * Carries a split on, or puts it back, in a process that a test can kill. argv[2]: JSON of SplitOrders. With `at`, it kills
 * itself there; with `wait` it says `reached` instead and waits for SIGUSR2, or for its end.
 */
import { createNodePorts } from "../../../src/node/node-ports.ts";
import { isToolError } from "../../../src/core/tool-error.ts";
import { readJournals } from "../../../src/plan/journal.ts";
import type { ServerAccess } from "../../../src/ports/server-access.ts";
import { findSplit } from "../../../src/postgres/split/find-split.ts";
import { finishSplit, runSplit, undoSplit, type SplitRun } from "../../../src/postgres/split/run-split.ts";
import type { SplitOrders } from "../../helpers/split-lab.ts";
import { createLabProject } from "../../helpers/lab-project.ts";
import { openTestAccess } from "../../helpers/open-test-access.ts";

const { url, journals, verb, at, wait, project } = JSON.parse(process.argv[2] ?? "") as SplitOrders;
const io = createNodePorts();
const signal = new AbortController().signal;
let queries = 0;

async function stopHere(): Promise<void> {
  if (wait !== true) process.kill(process.pid, "SIGKILL");
  process.stdout.write("reached\n");
  const idle = setInterval(() => undefined, 60_000);
  await new Promise((resolve) => process.once("SIGUSR2", resolve));
  clearInterval(idle);
}

/** Stops after the n-th statement that the server has answered, whatever step it belongs to. */
function counting(access: ServerAccess): ServerAccess {
  return {
    ...access,
    connect: async (database, sessionSignal) => {
      const session = await access.connect(database, sessionSignal);
      return {
        close: () => session.close(),
        query: async (text, values) => {
          const rows = await session.query(text, values);
          queries += 1;
          if (at !== undefined && "query" in at && queries === at.query) await stopHere();
          return rows;
        },
      };
    },
  };
}

try {
  const access = counting(await openTestAccess(url, signal));
  const run: SplitRun = {
    context: {
      io,
      server: access,
      maintenance: "postgres",
      target: () => openTestAccess(project?.targetUrl ?? "", signal),
      project: project && createLabProject(project),
    },
    journal: findSplit(await readJournals(io, journals), verb),
    signal,
    onMoment: async (moment, step) => {
      if (at !== undefined && "step" in at && at.step === step.id && at.moment === moment) await stopHere();
    },
  };
  if (verb === "resume") await runSplit(run);
  else if (verb === "undo") await undoSplit(run);
  else await finishSplit(run);
  process.stdout.write(`${JSON.stringify({ queries })}\n`);
} catch (error) {
  if (!isToolError(error)) throw error;
  const { code, message, hint } = error;
  process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  process.exitCode = 1;
}
