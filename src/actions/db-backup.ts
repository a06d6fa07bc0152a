import { basename, dirname, isAbsolute, join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import type { Session } from "../engine/session.ts";
import { backUpDatabases, type ProjectBackup } from "../stack/back-up-databases.ts";
import { backupFile, prepareBackups } from "../stack/backup-file.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";
import { withProjectLock } from "./with-project-lock.ts";

export interface DbBackupOptions {
  /** `--out`: a file, or a directory for one; undefined: among the project's backups. */
  readonly out: string | undefined;
  /** Applications or databases; empty: all. */
  readonly apps: readonly string[];
  /** `--verify`: restore each dump into a database of its own and compare. */
  readonly verify: boolean;
}

/**
 * Writes all databases of a project, or those of some applications, into one file; the stack may run or not.
 *
 * @throws ToolError PROJECT_NOT_RUNNING when it has no data, SERVICE_UNKNOWN, FILE_EXISTS, DISK_FULL, POSTGRES_FAILED
 */
export async function dbBackup(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbBackupOptions,
): Promise<ProjectBackup> {
  const opened = await openEngineSession(context, options);
  return withProjectLock(context, opened, async (session) => {
    if (session.record === undefined) throw noData(session);
    await prepareBackups(session);
    const path = await placeFor(context, session, wanted.out);
    const backup = await backUpDatabases(context, session, { path, apps: wanted.apps, verify: wanted.verify });
    if (backup === undefined) throw noData(session);
    return backup;
  });
}

async function placeFor(context: ActionContext, session: Session, out: string | undefined): Promise<string> {
  const standard = backupFile(session);
  if (out === undefined) return standard;
  const { files, host } = context.ports;
  const path = isAbsolute(out) ? out : join(host.cwd, out);
  const place = (await files.stat(path))?.kind === "directory" ? join(path, basename(standard)) : path;
  if ((await files.stat(dirname(place)))?.kind === "directory") return place;
  throw new ToolError("COMMAND_USAGE", `There is no directory ${dirname(place)}.`, {
    hint: `mkdir -p ${dirname(place)}`,
    detail: { path: place },
  });
}

function noData({ project }: Session): ToolError {
  return new ToolError("PROJECT_NOT_RUNNING", `${project.name} has no databases here: it was never started.`, {
    hint: "bulkhead up",
  });
}
