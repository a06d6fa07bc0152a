import { join } from "node:path";

import { refreshRecord } from "../engine/refresh-record.ts";
import type { Session } from "../engine/session.ts";
import type { ActionContext } from "./context.ts";

/** How long a second command waits for the first: as long as an `up` usually takes. */
const waitMs = 600_000;

/**
 * One command at a time changes a project; a second one says who works on it and waits. `work` gets the session as the
 * state is then: what it holds from before the wait may be another command's past.
 */
export async function withProjectLock<T, S extends Session>(
  context: ActionContext,
  session: S,
  work: (session: S) => Promise<T>,
): Promise<T> {
  const { files } = context.ports;
  const { directory } = session.layout;
  // Beside the projects, not in the project's own directory: `down -v` removes that one.
  const locks = join(directory, "..", "..", "locks");
  await files.makeDirectory(locks, { mode: 0o755 });
  return files.withLock(
    join(locks, `${session.project.name}.lock`),
    {
      waitMs,
      signal: context.signal,
      onWait: (holder) =>
        context.emit({
          type: "note",
          message: `Another command works on ${session.project.name} (${holder.command}, pid ${holder.pid}); waiting for it to end.`,
        }),
    },
    async () => work(await refreshRecord(session)),
  );
}
