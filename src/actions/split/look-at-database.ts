import { inspectDatabase } from "../../postgres/inspect-database.ts";
import { judgeDatabase } from "../../postgres/judge-database.ts";
import { openReadSession } from "../../postgres/open-read-session.ts";
import { readSplitFacts } from "../../postgres/split/read-split-facts.ts";
import type { SplitSubject } from "../../postgres/split/plan-new-split.ts";
import type { SplitPlace } from "./split-place.ts";

/** Reads what a split has to know of its database, without changing anything. */
export async function lookAtDatabase(
  { context: { server }, database, installed }: SplitPlace,
  signal: AbortSignal,
): Promise<SplitSubject> {
  const session = await openReadSession(server, database, signal);
  try {
    const picture = await inspectDatabase(session);
    const facts = await readSplitFacts(session);
    return { label: server.label, picture, facts, verdict: judgeDatabase(picture, { installed }) };
  } finally {
    await session.close();
  }
}
