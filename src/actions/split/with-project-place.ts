import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { DockerSession } from "../../engine/docker/docker-session.ts";
import type { NativeSession } from "../../engine/native/native-session.ts";
import { readJournals } from "../../plan/journal.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import type { OwnerId } from "../../postgres/database-verdict.ts";
import type { Destination } from "../../postgres/split/plan-new-split.ts";
import { findSplit } from "../../postgres/split/find-split.ts";
import { findData } from "../../stack/find-data.ts";
import { isNeeded } from "../../stack/is-needed.ts";
import { listRunning } from "../../stack/list-running.ts";
import { openServer } from "../../stack/open-server.ts";
import { withRunningServers } from "../../stack/with-running-servers.ts";
import type { Connection, DatabaseServer } from "../../topology/topology.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import type { DbSplitOptions } from "../db-split.ts";
import { findInstalledHistories } from "../find-installed-histories.ts";
import { openEngineSession } from "../open-project.ts";
import { stopServices } from "../stop-services.ts";
import { withProjectLock } from "../with-project-lock.ts";
import { chooseDatabase } from "./choose-database.ts";
import { createSplitProject, reopenSession } from "./create-split-project.ts";
import { findSplitServer } from "./find-split-server.ts";
import { cannotEdit, connectionOf, planEdits, type PlannedEdits } from "./plan-edits.ts";
import { assertTakes, findServerThere } from "./find-server-there.ts";
import type { SplitPlace } from "./split-place.ts";

/**
 * Works on a project's database server, which is started when it does not run, while no other command changes the project.
 *
 * @throws ToolError SERVICE_UNKNOWN, SPLIT_REFUSED, POSTGRES_UNREACHABLE
 */
export async function withProjectPlace<T>(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbSplitOptions,
  work: (place: SplitPlace) => Promise<T>,
): Promise<T> {
  const opened = await openEngineSession(context, options);
  return withProjectLock(context, opened, (session) => {
    const { servers } = session.topology;
    const [named] = (wanted.subject ?? "").split("/");
    const isMeant = ({ service }: DatabaseServer): boolean =>
      wanted.subject?.includes("/") !== true || service === named;
    const chosen = servers.filter((server) => isMeant(server) || server.service === wanted.toServer);
    if (!chosen.some(isMeant)) {
      throw new ToolError(
        "SERVICE_UNKNOWN",
        `${session.project.name} has no PostgreSQL service${named === "" ? "" : ` ${named}`}.`,
        {
          hint: "bulkhead db split --url postgresql://USER@HOST:5432/DATABASE",
        },
      );
    }
    return withRunningServers(context, session, chosen, async (running) => {
      const reached = running.map(({ server, access, failure }) => {
        if (access === undefined) throw failure;
        return { server, access };
      });
      const before = await listRunning(session);
      const result = await work(
        await openPlace(
          context,
          options,
          wanted,
          session,
          reached.filter(({ server }) => isMeant(server)),
        ),
      );
      await stopIdleServers(await reopenSession(context, options), before);
      return result;
    });
  });
}

async function openPlace(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbSplitOptions,
  session: NativeSession | DockerSession,
  reached: readonly { readonly server: DatabaseServer; readonly access: ServerAccess }[],
): Promise<SplitPlace> {
  const { signal } = context;
  const journals = join(session.layout.directory, "journal");
  const installed = await findInstalledHistories(session);
  const { server, access, database } =
    wanted.verb === "split"
      ? await chooseDatabase(session, { subject: wanted.subject, installed }, reached, signal)
      : await findSplitServer(findSplit(await readJournals(context.ports, journals), wanted.verb), reached, signal);
  const running = await listRunning(session);
  const kept = join(journals, `files-${Buffer.from(context.ports.random.bytes(6)).toString("hex")}`);
  return {
    database,
    installed,
    journals,
    backups: session.layout.backups,
    context: {
      io: context.ports,
      server: access,
      maintenance: database === "postgres" ? "template1" : "postgres",
      target: async (service) => openTarget(await reopenSession(context, options), service),
      project: createSplitProject(context, options),
    },
    wishes: async () => {
      const { sameServer, toServer, app } = wanted;
      const there = toServer === undefined ? undefined : await findServerThere(session, toServer, signal);
      const leaves = app === "mlflow-auth" ? undefined : app;
      const subject = { service: server.service, database };
      const edits = planEdits(context, options, { sameServer, toServer, leaves, kept, subject });
      const occupied = await serversWithData(session, edits);
      const writers = [
        ...new Set(
          session.topology.connections
            .filter((one) => one.server === server.service && (one.database ?? one.user) === database)
            .map(({ service }) => service),
        ),
      ];
      const destination = ({ id }: { readonly id: OwnerId }): Destination => {
        const connection = connectionOf(edits.topology, id, writers);
        // Users that no file leads to any more still go, so that their history is no longer in the way of the runs.
        if (id === "mlflow-auth" && (connection === undefined || isElsewhere(connection)))
          return { database: `${database}_auth`, role: undefined, service: undefined };
        const target = connection?.database ?? connection?.user;
        if (connection?.server === undefined || target === undefined) throw cannotEdit(id, connection?.service ?? id);
        const leavesServer = connection.server !== server.service;
        const elsewhere = { database: target, role: connection.user ?? target, service: connection.server };
        if (leavesServer && connection.server === there?.server.service) {
          assertTakes(there, server, elsewhere);
          return { ...elsewhere, isServerThere: true };
        }
        if (leavesServer && occupied.has(connection.server)) throw hasData(connection.server, id);
        if (leavesServer) return elsewhere;
        if (target === database) throw cannotEdit(id, connection.service);
        // The users keep the login that they share with the runs.
        return { database: target, role: id === "mlflow-auth" ? undefined : connection.user, service: undefined };
      };
      const ran = writers.filter((service) => running.includes(service));
      return {
        destination,
        prepare: edits.keep,
        project: (sides) => ({
          writers,
          files: edits.files,
          newServers: [
            ...new Set(sides.flatMap(({ service, isServerThere }) => (isServerThere === true ? [] : (service ?? [])))),
          ],
          running: ran,
          // What could not run because of the other one can now.
          start: ran.length === 0 ? [] : writers,
        }),
      };
    },
  };
}

/** A connection to what is no PostgreSQL server of the project: the SQLite file that is MLflow's default. */
function isElsewhere({ state, server }: Connection): boolean {
  return state.kind === "known" && server === undefined;
}

/** A stack that did not run is left so: of its new servers too. */
async function stopIdleServers(session: NativeSession | DockerSession, before: readonly string[]): Promise<void> {
  const running = await listRunning(session);
  const idle = session.topology.servers
    .map(({ service }) => service)
    .filter((one) => running.includes(one) && !before.includes(one) && !isNeeded(session, one, running));
  await stopServices(session, { services: idle });
}

async function openTarget(session: NativeSession | DockerSession, service: string): Promise<ServerAccess> {
  if (session.engine === "docker") await session.look();
  return openServer(session, service);
}

/** Servers of the edited project that were started before: what they hold is not a split's to remove or to add to. */
async function serversWithData(
  session: NativeSession | DockerSession,
  { project, topology }: PlannedEdits,
): Promise<ReadonlySet<string>> {
  const found = await findData({ ...session, project, topology });
  return new Set(found.map(({ service }) => service));
}

function hasData(service: string, part: OwnerId): ToolError {
  return new ToolError("SPLIT_REFUSED", `${service}, where ${part} is to go, has data of its own already.`, {
    hint: `Save it with: bulkhead db backup ${part}\nThen name another service in the files, or split by --same-server from the files as they were.`,
    detail: { service },
    exitCode: 1,
  });
}
