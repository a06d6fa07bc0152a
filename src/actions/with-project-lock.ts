import { join } from "node:path";

import type { NativeSession } from "../engine/native/native-session.ts";
import type { ActionContext } from "./context.ts";

/** How long a second command waits for the first: as long as an `up` usually takes. */
const waitMs = 600_000;

/** One command at a time changes a project; a second one says who works on it and waits. */
export async function withProjectLock<T>(
  context: ActionContext,
  session: NativeSession,
  work: () => Promise<T>,
): Promise<T> {
  const { files } = context.ports;
  await files.makeDirectory(session.layout.directory, { mode: 0o755 });
  return files.withLock(
    join(session.layout.directory, "command.lock"),
    {
      waitMs,
      signal: context.signal,
      onWait: (holder) =>
        context.emit({
          type: "note",
          message: `Another command works on ${session.project.name} (pid ${holder.pid}); waiting for it to end.`,
        }),
    },
    work,
  );
}
