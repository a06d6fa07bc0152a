import type { Journal } from "../../plan/journal.ts";
import { openReadSession } from "../../postgres/open-read-session.ts";
import type { SplitStepArgs } from "../../postgres/split/split-steps.ts";
import type { ReachedServer } from "./choose-database.ts";

/**
 * The server that has the original of a split, by its oid and either of its names: since the files were edited a project may
 * have another one before it. The first one when none has it any more: it was removed.
 */
export async function findSplitServer(
  journal: Journal,
  reached: readonly ReachedServer[],
  signal: AbortSignal,
): Promise<ReachedServer & { readonly database: string }> {
  const aside = journal.state().plan.steps.find(({ kind }) => kind === "set-aside");
  const { oid, from, to } = (aside?.args ?? {}) as unknown as SplitStepArgs["set-aside"];
  for (const one of reached) {
    const session = await openReadSession(one.access, "postgres", signal);
    try {
      const [found] = await session.query("SELECT FROM pg_database WHERE oid = $1 AND datname IN ($2, $3)", [
        oid,
        from,
        to,
      ]);
      if (found !== undefined) return { ...one, database: from };
    } finally {
      await session.close();
    }
  }
  const [first] = reached;
  if (first === undefined) throw new Error("a project without servers has no split");
  return { ...first, database: from };
}
