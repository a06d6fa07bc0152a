import { ToolError } from "../core/tool-error.ts";
import type { Session } from "../engine/session.ts";
import { backUpDatabases, type ProjectBackup } from "../stack/back-up-databases.ts";
import { prepareBackups } from "../stack/backup-file.ts";
import { backUpByUrl } from "./backup/back-up-by-url.ts";
import { placeBackup } from "./backup/place-backup.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";
import { withProjectLock } from "./with-project-lock.ts";

export interface DbBackupOptions {
  /** `--url`: a server that is in no project. */
  readonly url: string | undefined;
  /** `--out`: a file, or a directory for one; undefined: among the other backups. */
  readonly out: string | undefined;
  /** Applications or databases; empty: all. */
  readonly apps: readonly string[];
  /** `--verify`: restore each dump into a database of its own and compare. */
  readonly verify: boolean;
}

export interface DbBackupResult extends ProjectBackup {
  /** A restore's `--url`, quoted and without a password, where the server was named by one. */
  readonly url: string | undefined;
}

/**
 * Writes all databases of a project or of a server by URL, or those of some applications, into one file; the project's stack
 * may run or not.
 *
 * @throws ToolError PROJECT_NOT_RUNNING when it has no data, SERVICE_UNKNOWN, FILE_EXISTS, DISK_FULL, POSTGRES_FAILED; with a
 *   URL as openUrlServer does
 */
export async function dbBackup(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbBackupOptions,
): Promise<DbBackupResult> {
  if (wanted.url !== undefined) return { ...(await backUpByUrl(context, wanted.url, wanted)), copies: [] };
  const opened = await openEngineSession(context, options);
  return withProjectLock(context, opened, async (session) => {
    if (session.engine === "native" && session.record === undefined) throw noData(session);
    await prepareBackups(session);
    const path = await placeBackup(context.ports, session, wanted.out);
    const { apps, verify } = wanted;
    const backup = await backUpDatabases(context, session, { path, apps, verify, goes: false });
    if (backup === undefined) throw noData(session);
    return { ...backup, url: undefined };
  });
}

function noData({ project }: Session): ToolError {
  return new ToolError("PROJECT_NOT_RUNNING", `${project.name} has no databases here: it was never started.`, {
    hint: "bulkhead up",
  });
}
