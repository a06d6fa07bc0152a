import type { SqlSession } from "../../ports/sql.ts";
import { isSoon } from "./is-soon.ts";
import type { SplitContext } from "./split-context.ts";

/**
 * Ends what a killed process left at work on a server, and waits half a minute at most until it is gone: a statement goes on
 * without who sent it, and what it makes would be made twice.
 *
 * @param application the sessions' application_name, as LIKE takes it
 */
export async function endLeftOver(
  context: Pick<SplitContext, "io" | "signal">,
  session: SqlSession,
  application: string,
): Promise<void> {
  await isSoon(context, 30_000, async () => {
    const left = await session.query(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name LIKE $1 AND pid <> pg_backend_pid()`,
      [application],
    );
    return left.length === 0;
  });
}
