import { ToolError } from "../../core/tool-error.ts";
import { inDatabase } from "./in-database.ts";
import { endLeftOver } from "./end-left-over.ts";
import { ownApplication } from "./end-sessions.ts";
import { isSoon } from "./is-soon.ts";
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
    const isLocked = await isSoon(context, 5_000, async () => {
      const [row] = await session.query(`SELECT pg_try_advisory_lock(${lockKey}) AS locked`);
      return row?.["locked"] === true;
    });
    if (!isLocked) {
      throw new ToolError("PROJECT_BUSY", `Another command changes the databases of ${context.server.label}.`, {
        hint: "Wait until it has ended and try again.",
      });
    }
    await endLeftOver(context, session, `${ownApplication} split-%`);
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
