import { dirname, join } from "node:path";

import { airflowImage } from "../../catalog/airflow/image.ts";
import { dataPathIn } from "../../catalog/postgres/data-path.ts";
import type { Project, Service } from "../../compose/project.ts";
import type { Emit } from "../../core/event.ts";
import type { Ports } from "../../ports/ports.ts";
import type { ServiceRole, Topology } from "../../topology/topology.ts";
import type { UnitUser } from "./choose-unit-user.ts";
import { clientProgramNames, planClientPrograms, renderAddressList, type ClientPrograms } from "./client-programs.ts";
import { planNameTable, type NameTable } from "./name-table.ts";
import { createPathMap } from "./path-map.ts";
import { planAppUnit } from "./plan-app-unit.ts";
import { planOwnCheck, type OwnCheck } from "./plan-own-check.ts";
import { planMounts, type PlannedMount } from "./plan-mounts.ts";
import type { PortTable } from "../plan-ports.ts";
import { planPostgresUnit } from "./plan-postgres-unit.ts";
import { preparePostgresData } from "./prepare-postgres-data.ts";
import { shortTemporary, type StateLayout } from "../project-state.ts";
import type { Supplies } from "./supply-services.ts";
import type { UnitSpec } from "./unit.ts";

export interface UnitPreparation {
  readonly io: Pick<Ports, "files" | "processes" | "clock">;
  readonly project: Project;
  readonly topology: Topology;
  readonly layout: StateLayout;
  readonly supplies: Supplies;
  readonly ports: PortTable;
  readonly user: UnitUser;
  /** Copy of `resources/` that the unit's account can read. */
  readonly sharedResources: string;
  readonly platform: NodeJS.Platform;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A service that can be started. */
export interface PreparedUnit {
  readonly spec: UnitSpec;
  /** A PostgreSQL data directory was made just now. */
  readonly isNewData: boolean;
  /** The file's own healthcheck, to be run with `environment` in the unit's directory and as its account. */
  readonly ownCheck: (OwnCheck & { readonly environment: Readonly<Record<string, string>> }) | undefined;
}

/**
 * Makes a service startable: its directories, mounts, name table and data, and gives its unit. Doing it again changes
 * nothing that is there.
 */
export async function prepareUnit(context: UnitPreparation, service: string): Promise<PreparedUnit> {
  const role = context.topology.services[service];
  const definition = context.project.services[service];
  if (role === undefined || definition === undefined) throw new Error(`no service ${service}`);
  const unitDirectory = join(context.layout.units, service);
  const mounts = planMounts(context.project, role, context.layout);
  await prepareDirectories(context, role, unitDirectory, mounts);
  const logFile = join(context.layout.logs, `${service}.log`);
  const owner = context.user.owner;
  const names = planNameTable(context.project, service, context.ports);
  const check = planOwnCheck(definition, names, createPathMap(join(unitDirectory, "root"), mounts));
  const ownCheckWith = (environment: Readonly<Record<string, string>>): PreparedUnit["ownCheck"] =>
    check === undefined ? undefined : { ...check, environment };
  const supplied = context.supplies.servers.get(service);
  const server = context.topology.servers.find((one) => one.service === service);
  if (supplied !== undefined && server !== undefined) {
    const address = context.ports[service]?.[5432] ?? Object.values(context.ports[service] ?? {})[0];
    if (address === undefined) throw new Error(`no port for ${service}`);
    const dataDirectory = findDataDirectory(mounts, role, server.major);
    const shared = {
      server,
      serverBin: supplied.server.binDirectory,
      clientBin: supplied.clients.binDirectory,
      dataDirectory,
      socketDirectory: context.layout.sockets,
      port: address.port,
      owner,
    };
    const isNewData = await preparePostgresData(context.io, {
      ...shared,
      systemUsers: [...new Set([context.user.name, context.user.ownName])],
      initScripts: await listInitScripts(context.io, mounts),
      initdbArguments: (role.environment["POSTGRES_INITDB_ARGS"] ?? "").split(/\s+/).filter((word) => word !== ""),
      environment: role.environment,
      signal: context.signal,
    });
    const spec = planPostgresUnit({ ...shared, role, service: definition, unitDirectory, logFile, host: address.host });
    return { spec, isNewData, ownCheck: ownCheckWith({ ...role.environment, ...spec.env }) };
  }
  const environment = context.supplies.environments.get(service);
  const clients = await prepareClients(context, role, definition, names);
  if (environment === undefined && clients === undefined) throw new Error(`nothing installed for ${service}`);
  await context.io.files.writeText(join(unitDirectory, "names.json"), JSON.stringify(names), { mode: 0o644 });
  const spec = planAppUnit({
    role,
    service: definition,
    unitDirectory,
    temporaryDirectory: shortTemporary(context.layout, service),
    logFile,
    environmentDirectory: environment?.directory,
    clients,
    hook: join(context.sharedResources, "python", "name_hook.py"),
    sharedResources: context.sharedResources,
    names,
    ports: context.ports,
    mounts,
    owner,
    platform: context.platform,
  });
  await own(context, spec.cwd);
  return { spec, isNewData: false, ownCheck: ownCheckWith(spec.env) };
}

/** The data directory: PGDATA or the image's own place (from 18 on below its major), through the mounts. */
export function findDataDirectory(mounts: readonly PlannedMount[], role: ServiceRole, major: number): string {
  return createPathMap("/nonexistent", mounts).map(dataPathIn(role.environment, major));
}

async function prepareDirectories(
  context: UnitPreparation,
  role: ServiceRole,
  unitDirectory: string,
  mounts: readonly PlannedMount[],
): Promise<void> {
  const { files } = context.io;
  const root = join(unitDirectory, "root");
  await files.makeDirectory(unitDirectory, { mode: 0o755 });
  for (const directory of [
    root,
    join(unitDirectory, "tmp"),
    join(root, role.behaviour?.home ?? "/root"),
    join(root, role.environment["AIRFLOW_HOME"] ?? "/"),
  ]) {
    await own(context, directory);
  }
  for (const mount of mounts) {
    if (mount.kind === "file") {
      if (mount.content !== undefined) {
        await own(context, dirname(mount.source));
        await files.writeText(mount.source, mount.content, { mode: 0o400, ...ownerOf(context) });
      }
    } else if (!(await files.exists(mount.source))) {
      await own(context, mount.source);
    }
    await link(context, mount.source, join(root, mount.target));
  }
  if (!mounts.some((mount) => mount.target.replace(/\/$/, "") === "/tmp")) {
    await link(context, join(unitDirectory, "tmp"), join(root, "tmp"));
  }
  await link(context, join(unitDirectory, "tmp"), shortTemporary(context.layout, role.service));
  // Airflow's own compose file ends a script of its own with `exec /entrypoint airflow version`.
  if (role.behaviour === airflowImage) {
    await link(context, join(context.sharedResources, "sh", "airflow-entrypoint.sh"), join(root, "entrypoint"));
  }
}

/** Makes a directory of the unit's account, parents included. */
async function own(context: UnitPreparation, directory: string): Promise<void> {
  if (await context.io.files.exists(directory)) return;
  await own(context, dirname(directory));
  await context.io.files.makeDirectory(directory, { mode: 0o755, ...ownerOf(context) });
}

function ownerOf(context: UnitPreparation): { owner?: { uid: number; gid: number } } {
  return context.user.owner === undefined ? {} : { owner: context.user.owner };
}

/** In the unit's own tree a mount is a link, so that relative paths and defaults find it too. */
async function link(context: UnitPreparation, source: string, place: string): Promise<void> {
  const { files } = context.io;
  const present = await files.stat(place);
  if (present?.kind === "symlink") {
    // A running unit may be using it.
    if ((await files.exists(place)) && (await files.realPath(place)) === (await files.realPath(source))) return;
    await files.remove(place);
  } else if (present !== undefined) {
    if (present.kind !== "directory" || (await files.list(place)).length > 0) return;
    await files.remove(place);
  }
  await own(context, dirname(place));
  await files.symlink(source, place);
}

/** The stand-ins for PostgreSQL's client programs, and the addresses they know. */
async function prepareClients(
  context: UnitPreparation,
  role: ServiceRole,
  service: Service,
  names: NameTable,
): Promise<ClientPrograms | undefined> {
  const supplied = context.supplies.clients.get(role.service);
  if (supplied === undefined) return undefined;
  const user = service.user ?? (role.base?.product === "airflow" ? "airflow" : "root");
  const clients = planClientPrograms(join(context.layout.units, role.service), supplied.binDirectory, user);
  const standIn = join(context.sharedResources, "sh", "postgres-client.sh");
  await context.io.files.makeDirectory(clients.directory, { mode: 0o755 });
  for (const name of clientProgramNames) await link(context, standIn, join(clients.directory, name));
  await context.io.files.writeText(join(clients.directory, "addresses"), renderAddressList(names), { mode: 0o644 });
  return clients;
}

async function listInitScripts(io: Pick<Ports, "files">, mounts: readonly PlannedMount[]): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const mount of mounts) {
    if (mount.target.replace(/\/$/, "") === "/docker-entrypoint-initdb.d") {
      for (const name of await io.files.list(mount.source)) found.set(name, join(mount.source, name));
    } else if (dirname(mount.target) === "/docker-entrypoint-initdb.d") {
      found.set(mount.target.split("/").at(-1) ?? "", mount.source);
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}
