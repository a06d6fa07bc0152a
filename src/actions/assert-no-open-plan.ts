import { join } from "node:path";

import { readJournals } from "../plan/journal.ts";
import type { Ports } from "../ports/ports.ts";
import { findOpenSplit, openSplit } from "../postgres/split/find-split.ts";

/** Nothing is started while a plan that changes the project's databases is neither done nor put back: ToolError PLAN_OPEN. */
export async function assertNoOpenPlan(io: Pick<Ports, "files">, stateDirectory: string): Promise<void> {
  const open = findOpenSplit(await readJournals(io, join(stateDirectory, "journal")));
  if (open !== undefined) throw openSplit(open);
}
