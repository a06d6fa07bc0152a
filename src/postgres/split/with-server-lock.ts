import { ToolError } from "../../core/tool-error.ts";
import { inDatabase } from "./in-database.ts";
import { ownApplication } from "./end-sessions.ts";
import type { SplitContext } from "./split-context.ts";

/** "bulkhead" as a number: whoever changes databases of this server holds this advisory lock. */
const lockKey = "7094709391286068580";

/** The session that holds the lock. */
export interface ServerLock {
  /** @throws ToolError POSTGRES_UNREACHABLE when the session has ended, as it does with its server: the lock is lost. */
  assertHeld(): Promise<void>;
}

/**
 * Works while nobody else of us changes databases on the server. The lock is held in the maintenance database, where it
 * hinders no copy; with the process it goes. What a killed process left at work on the server is ended first: a copy that
 * goes on without us would be made twice.
 *
 * @throws ToolError PROJECT_BUSY
 */
export function withServerLock<T>(
  context: Pick<SplitContext, "server" | "application" | "signal" | "maintenance" | "io">,
  work: (lock: ServerLock) => Promise<T>,
): Promise<T> {
  return inDatabase(context, context.maintenance, async (session) => {
    const [row] = await session.query(`SELECT pg_try_advisory_lock(${lockKey}) AS locked`);
    if (row?.["locked"] !== true) {
      throw new ToolError("PROJECT_BUSY", `Another command changes the databases of ${context.server.label}.`, {
        hint: "Wait until it has ended and try again.",
      });
    }
    const until = context.io.clock.now() + 30_000;
    while (context.io.clock.now() < until) {
      const left = await session.query(
        `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name LIKE '${ownApplication} split-%' AND pid <> pg_backend_pid()`,
      );
      if (left.length === 0) break;
      await context.io.clock.sleep(50, context.signal);
    }
    let answered: Promise<unknown> = Promise.resolve();
    const ask = async (): Promise<void> => {
      await answered;
      await session.query("SELECT");
    };
    return work({
      // Steps that run side by side ask one after the other.
      assertHeld: async () => {
        const answer = ask();
        answered = answer.catch(() => undefined);
        await answer.catch((cause: unknown) => {
          throw lockLost(context.server.label, cause);
        });
      },
    });
  });
}

function lockLost(server: string, cause: unknown): ToolError {
  const message = `${server} ended the session that keeps other commands away from its databases.`;
  const hint = "See whether the server runs, and its log.";
  return new ToolError("POSTGRES_UNREACHABLE", message, { hint, detail: { server }, cause, exitCode: 1 });
}
