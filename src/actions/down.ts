import type { DockerSession } from "../engine/docker/docker-session.ts";
import { endAbandonedServer } from "../engine/native/end-abandoned-server.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";
import { removeProjectState } from "../engine/native/remove-project-state.ts";
import { stopOrder } from "../stack/plan-waits.ts";
import { backUpDatabases, type ProjectBackup } from "../stack/back-up-databases.ts";
import { dataDirectoryOf } from "../stack/data-directory-of.ts";
import { backupFile, prepareBackups } from "../stack/backup-file.ts";
import { assertNoOpenPlan } from "./assert-no-open-plan.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";
import { withProjectLock } from "./with-project-lock.ts";

export interface DownOptions {
  /** Remove volumes and logs too, after a backup. */
  readonly volumes: boolean;
  readonly backup: boolean;
  readonly timeoutMs?: number;
}

export interface DownResult {
  readonly stopped: readonly string[];
  readonly removedVolumes: readonly string[];
  /** Absolute path of the backup: the archive, else the first of `copies`. */
  readonly backup?: string;
  /** Data directories of servers that could not be asked, as they were copied. */
  readonly copies: readonly string[];
}

/**
 * Ends a project's units and its supervisor; volumes and logs stay. With `volumes` both are removed, after an archive of
 * all databases was written (unless `backup` is false). A backup that cannot be made keeps everything: ToolError, PLAN_OPEN
 * while a split is neither done nor put back.
 */
export async function down(context: ActionContext, options: ProjectOptions, wanted: DownOptions): Promise<DownResult> {
  const opened = await openEngineSession(context, options);
  const { files } = context.ports;
  return withProjectLock(context, opened, async (session): Promise<DownResult> => {
    const kept = wanted.volumes && wanted.backup ? await backUp(context, session) : undefined;
    if (session.engine === "docker") {
      const { downContainers } = await import("./docker/down-containers.ts");
      return downContainers(session, wanted, kept);
    }
    const stopped: string[] = [];
    const client = await findSupervisor(session);
    try {
      const known = ((await client?.status(context.signal)) ?? []).map((status) => status.service);
      for (const wave of stopOrder(session.project, known)) {
        await Promise.all(
          wave.map(async (service) => {
            await client?.stop(service, {
              forget: true,
              signal: context.signal,
              ...(wanted.timeoutMs === undefined ? {} : { graceMs: wanted.timeoutMs }),
            });
            stopped.push(service);
            context.emit({ type: "service", service, state: "stopped" });
          }),
        );
      }
      await client?.shutdown("stop", context.signal);
    } finally {
      // An open connection would keep the process of an interrupted command alive.
      client?.close();
    }
    for (const server of session.topology.servers) {
      const directory = dataDirectoryOf(session, server);
      if (directory !== undefined) await endAbandonedServer(context.ports, directory, context.signal);
    }
    await files.remove(session.layout.units);
    if (!wanted.volumes) return { stopped, removedVolumes: [], copies: [] };
    const removedVolumes = await removeProjectState(files, session.layout);
    const copies = kept?.copies ?? [];
    const backup = kept?.archive?.path ?? copies[0];
    return { stopped, removedVolumes, copies, ...(backup === undefined ? {} : { backup }) };
  });
}

/** Undefined for a project that was never started; Docker Compose itself may have started one that we do not know. */
async function backUp(
  context: ActionContext,
  session: NativeSession | DockerSession,
): Promise<ProjectBackup | undefined> {
  if (session.engine === "native" && session.record === undefined) return undefined;
  await assertNoOpenPlan(context.ports, session.layout.directory);
  await prepareBackups(session);
  return backUpDatabases(context, session, { path: backupFile(session), apps: [], verify: false, goes: true });
}
