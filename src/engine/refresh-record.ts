import { assertSameDirectory, loadProjectRecord } from "./project-state.ts";
import type { Session } from "./session.ts";

/** The same session with the project's record as it is now. ToolError STATE_FORMAT, PROJECT_CONFLICT. */
export async function refreshRecord<S extends Session>(session: S): Promise<S> {
  const record = await loadProjectRecord(session.home.ports.files, session.layout);
  assertSameDirectory(record, session.project.directory);
  return { ...session, record };
}
