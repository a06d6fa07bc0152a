import { join } from "node:path";

import { isToolError, ToolError } from "../core/tool-error.ts";
import type { EngineHome } from "../engine/session.ts";
import {
  openSupervisor,
  recordedPorts,
  settlePorts,
  shareResources,
  type NativeSession,
} from "../engine/native/native-session.ts";
import { planMounts } from "../engine/native/plan-mounts.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import { findDataDirectory } from "../engine/native/prepare-unit.ts";
import type { SupervisorClient } from "../engine/native/supervisor/client.ts";
import { supplyServices, type Supplies } from "../engine/native/supply-services.ts";
import type { Files } from "../ports/files.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { bringUp } from "./bring-up.ts";
import { copyDataDirectory } from "./copy-data-directory.ts";
import { dumpServer } from "./dump-server.ts";
import { isOver, watchUnits, type UnitWatch } from "./unit-watch.ts";

const waitTimeoutMs = 60_000;
const unfinished = ".unfinished";

interface Backup {
  readonly session: NativeSession;
  readonly client: SupervisorClient;
  readonly watch: UnitWatch;
  readonly supplies: Supplies;
  readonly ports: PortTable;
  /** Where the files are written, and the name the whole gets when it is complete. */
  readonly unfinished: string;
  readonly directory: string;
}

/**
 * Dumps every database of every PostgreSQL service that has data and gives the directory, or undefined when none has.
 * Servers that do not run are started for it; the data directory is copied of one that cannot start, and of one whose
 * service is no longer in the file. A backup that fails or is interrupted leaves neither files nor servers that it
 * started. ToolError POSTGRES_FAILED when a server can neither be dumped nor copied.
 */
export async function backUpDatabases(
  home: EngineHome & { readonly nodeDirectory: string },
  session: NativeSession,
): Promise<string | undefined> {
  const { files, clock } = home.ports;
  if (session.record === undefined) return undefined;
  const servers: DatabaseServer[] = [];
  for (const server of session.topology.servers) {
    if (await files.exists(join(dataDirectory(session, server), "PG_VERSION"))) servers.push(server);
  }
  const forgotten = await listForgottenVolumes(session);
  if (servers.length === 0 && forgotten.length === 0) return undefined;
  const supplies = await supplyServices(session.supply, {
    project: session.project,
    sources: session.home.ports.sources,
    topology: session.topology,
    services: servers.map(({ service }) => service),
    postgresDependency: home.postgresDependency,
    nodeDirectory: home.nodeDirectory,
  });
  const client = await openSupervisor(session);
  const watch = await watchUnits(client);
  try {
    const running = new Set(
      Object.keys(session.project.services).filter((service) => {
        const status = watch.status(service);
        return status !== undefined && !isOver(status);
      }),
    );
    const stopped = new Set(servers.map(({ service }) => service).filter((service) => !running.has(service)));
    const ports =
      stopped.size === 0
        ? recordedPorts(session)
        : await settlePorts(session, { running, taking: stopped, auto: true });
    const directory = join(session.layout.backups, new Date(clock.now()).toISOString().replace(/[:.]/g, "-"));
    const backup: Backup = { session, client, watch, supplies, ports, directory, unfinished: directory + unfinished };
    await removeUnfinished(files, session.layout.backups);
    await files.makeDirectory(backup.unfinished, { mode: 0o700 });
    try {
      for (const server of servers) {
        const failure = stopped.has(server.service) ? await startServer(backup, server) : undefined;
        await (failure === undefined ? dump(backup, server) : copyCold(backup, server, failure));
      }
      for (const volume of forgotten) await copyForgotten(backup, volume);
      await files.rename(backup.unfinished, directory);
      return directory;
    } catch (error) {
      await files.remove(backup.unfinished);
      await Promise.allSettled([...stopped].map((service) => client.stop(service)));
      throw error;
    }
  } finally {
    watch.close();
    client.close();
  }
}

/** What a killed backup left. */
async function removeUnfinished(files: Files, backups: string): Promise<void> {
  if (!(await files.exists(backups))) return;
  for (const name of await files.list(backups)) {
    if (name.endsWith(unfinished)) await files.remove(join(backups, name));
  }
}

function dataDirectory(session: NativeSession, server: DatabaseServer): string {
  const role = session.topology.services[server.service];
  return role === undefined
    ? ""
    : findDataDirectory(planMounts(session.project, role, session.layout), role, server.major);
}

/** Volumes with a cluster that no service of the file uses any more: their service was renamed or taken out. */
async function listForgottenVolumes(session: NativeSession): Promise<readonly string[]> {
  const { files } = session.home.ports;
  const { volumes } = session.layout;
  if (!(await files.exists(volumes))) return [];
  const used = session.topology.servers.map((server) => dataDirectory(session, server));
  const forgotten: string[] = [];
  for (const name of await files.list(volumes)) {
    const path = join(volumes, name);
    const isCluster = !used.includes(path) && (await files.exists(join(path, "PG_VERSION")));
    if (isCluster) forgotten.push(name);
  }
  return forgotten;
}

/** What the file no longer says cannot be started: its unit, if one still runs, is ended and its data copied. */
async function copyForgotten(backup: Backup, volume: string): Promise<void> {
  const { session, client } = backup;
  const { signal } = session.home;
  for (const { service } of await client.status(signal)) {
    if (session.project.services[service] === undefined) await client.stop(service, { signal });
  }
  await copyDataDirectory(
    session.home.ports.files,
    join(session.layout.volumes, volume),
    join(backup.unfinished, `${volume}.data`),
  );
}

/** Starts one server; gives why it does not start. A drifted password is no reason: the socket asks for none. */
async function startServer(backup: Backup, server: DatabaseServer): Promise<Error | undefined> {
  try {
    await bringUp({
      ...backup,
      sharedResources: await shareResources(backup.session),
      services: [server.service],
      waitTimeoutMs,
      runsOwnChecks: false,
    });
    return undefined;
  } catch (error) {
    backup.session.home.signal.throwIfAborted();
    if (!(error instanceof Error) || (isToolError(error) && error.code === "PASSWORD_CHANGED")) return undefined;
    return error;
  }
}

async function dump(backup: Backup, server: DatabaseServer): Promise<void> {
  const { session, supplies, ports } = backup;
  const clients = supplies.servers.get(server.service)?.clients;
  const port = Object.values(ports[server.service] ?? {})[0]?.port;
  if (clients === undefined || port === undefined) throw new Error(`no address of ${server.service}`);
  await dumpServer(session, { server, clients, port, directory: backup.unfinished });
}

async function copyCold(backup: Backup, server: DatabaseServer, failure: Error): Promise<void> {
  const { session, client } = backup;
  const name = `${server.service}.data`;
  try {
    await client.stop(server.service, { signal: session.home.signal });
    await copyDataDirectory(session.home.ports.files, dataDirectory(session, server), join(backup.unfinished, name));
    session.home.emit({
      type: "warning",
      service: server.service,
      message: `${server.service} does not start, so its data directory was copied as it is: ${join(backup.directory, name)}`,
    });
  } catch (error) {
    session.home.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError(
      "POSTGRES_FAILED",
      `${server.service} does not start (${failure.message.split("\n")[0]}) and its data cannot be copied: ${reason}`,
      {
        hint: "Nothing was removed. To remove the volumes without a backup: bulkhead down -v --no-backup",
        exitCode: 1,
        cause: failure,
      },
    );
  }
}
