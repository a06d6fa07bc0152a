import { isAbsolute, join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { Session } from "../engine/session.ts";
import { openArchive, type ArchiveReader } from "../postgres/archive/read-archive.ts";
import { restoreBackup, type RestoreSummary } from "../postgres/archive/restore-backup.ts";
import { prepareBackups } from "../stack/backup-file.ts";
import { listRunning } from "../stack/list-running.ts";
import { withRunningServers } from "../stack/with-running-servers.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { assertNoOpenPlan } from "./assert-no-open-plan.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";
import { assertKnownSchema, type SchemaUsers } from "./restore/assert-known-schema.ts";
import { chooseBackedUp, type ChosenServer } from "./restore/choose-backed-up.ts";
import { restoreByUrl } from "./restore/restore-by-url.ts";
import { withProjectLock } from "./with-project-lock.ts";

export interface DbRestoreOptions {
  readonly file: string;
  /** `--url`: a server that is in no project. */
  readonly url: string | undefined;
  /** Applications or databases; empty: all in the file. */
  readonly apps: readonly string[];
}

export interface DbRestoreResult extends RestoreSummary {
  readonly file: string;
  /** When the backup was made, ISO 8601. */
  readonly created: string;
  /** The server is in no project. */
  readonly isByUrl: boolean;
}

/** What goes to one PostgreSQL service. */
interface Destination extends ChosenServer {
  readonly server: DatabaseServer;
}

/**
 * Restores databases of a backup into a project, one that was never started too, or to a server by URL. What has their names
 * is kept under others.
 *
 * @throws ToolError BACKUP_DAMAGED, BACKUP_REFUSED (a schema newer than the application, a server too old, no server for it),
 *   STATE_FORMAT, SERVICE_UNKNOWN, STACK_FAILED while applications that use the databases run, POSTGRES_FAILED, DISK_FULL; with
 *   a URL as restoreByUrl does
 */
export async function dbRestore(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbRestoreOptions,
): Promise<DbRestoreResult> {
  const { files, host } = context.ports;
  const { url, apps } = wanted;
  const file = isAbsolute(wanted.file) ? wanted.file : join(host.cwd, wanted.file);
  const archive = await openArchive(files, file);
  const given = { archive, apps, file };
  try {
    const summary =
      url === undefined ? await restoreToProject(context, options, given) : await restoreByUrl(context, url, given);
    return { ...summary, file, created: archive.manifest.created, isByUrl: url !== undefined };
  } finally {
    await archive.close();
  }
}

async function restoreToProject(
  context: ActionContext,
  options: ProjectOptions,
  { archive, apps, file }: { readonly archive: ArchiveReader; readonly apps: readonly string[]; readonly file: string },
): Promise<RestoreSummary> {
  const opened = await openEngineSession(context, options);
  return withProjectLock(context, opened, async (session) => {
    const destinations = findDestinations(session, chooseBackedUp(archive.manifest, apps, file));
    for (const { databases } of destinations) {
      for (const database of databases) assertKnownSchema(usersOf(session), database, file);
    }
    await assertNoOpenPlan(context.ports, session.layout.directory);
    await assertStopped(session, destinations);
    await prepareBackups(session);
    const servers = destinations.map(({ server }) => server);
    return withRunningServers(context, session, servers, async (running) => {
      const targets = destinations.map(({ server, from, databases }) => {
        const found = running.find((one) => one.server.service === server.service);
        if (found?.access === undefined) throw found?.failure ?? new Error(`${server.service} was not started`);
        return { access: found.access, from, databases };
      });
      const workDirectory = join(session.layout.backups, ".restore.unfinished");
      const { emit, signal } = context;
      return restoreBackup(context.ports, { archive, targets, workDirectory, emit, signal });
    });
  });
}

function usersOf({ topology: { apps } }: Session): SchemaUsers {
  return {
    apps,
    place: "of this project",
    wayOut: (app, release) =>
      `Set the image of ${app} to ${release} or newer and repeat the command, or restore an older backup.`,
  };
}

/** The service of the same name, else the only one there is. */
function findDestinations({ topology, project }: Session, chosen: readonly ChosenServer[]): readonly Destination[] {
  const { servers } = topology;
  return chosen.map(({ from, databases }) => {
    const server =
      servers.find(({ service }) => service === from.server) ?? (servers.length === 1 ? servers[0] : undefined);
    if (server !== undefined) return { server, from, databases };
    const known = servers.map(({ service }) => service).join(", ");
    throw new ToolError(
      "BACKUP_REFUSED",
      `${project.name} has no PostgreSQL service ${from.server}, which ${databases.map(({ name }) => name).join(", ")} was on.`,
      {
        hint:
          known === "" ? "Add the service to the Compose file." : `It has ${known}: name the service ${from.server}.`,
        detail: { server: from.server },
      },
    );
  });
}

/** An application must not have its database changed under its feet. */
async function assertStopped(
  session: NativeSession | DockerSession,
  destinations: readonly Destination[],
): Promise<void> {
  const running = (await listRunning(session)).filter((service) =>
    session.topology.connections.some(
      (connection) =>
        connection.service === service &&
        destinations.some(
          ({ server, databases }) =>
            connection.server === server.service && databases.some(({ name }) => name === connection.database),
        ),
    ),
  );
  if (running.length === 0) return;
  throw new ToolError("STACK_FAILED", `${running.join(", ")} run and use what is to be restored.`, {
    hint: "Stop the project, repeat the command, and start it again: bulkhead stop",
    detail: { services: running },
    exitCode: 1,
  });
}
