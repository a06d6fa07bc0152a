import { join } from "node:path";

import type { Project } from "../../compose/project.ts";
import { ToolError } from "../../core/tool-error.ts";
import { cacheDirectory } from "../../supply/cache-directory.ts";
import { prepareCache } from "../../supply/prepare-cache.ts";
import type { SupplyContext } from "../../supply/supply.ts";
import type { Topology } from "../../topology/topology.ts";
import { assignPorts, type AssignRequest } from "./assign-ports.ts";
import { chooseUnitUser, type UnitUser } from "./choose-unit-user.ts";
import { listPortNeeds, type PortTable } from "../plan-ports.ts";
import { saveProjectRecord } from "../save-project-record.ts";
import type { EngineHome, Session } from "../session.ts";
import { assertSameDirectory, layoutState, loadProjectRecord } from "../project-state.ts";
import { connectSupervisor, type SupervisorClient } from "./supervisor/client.ts";
import { readUnits } from "./supervisor/read-units.ts";
import type { UnitStatus } from "./unit.ts";
import { ensureSupervisor } from "./supervisor/ensure-supervisor.ts";

/** A project under the native engine, before anything of it is started. */
export interface NativeSession extends Session {
  readonly engine: "native";
  readonly user: UnitUser;
  readonly supply: SupplyContext;
}

/** Opens a project's state: checks that it is this directory's. Writes nothing. */
export async function openNativeSession(
  home: EngineHome,
  project: Project,
  topology: Topology,
): Promise<NativeSession> {
  const { host, files } = home.ports;
  const layout = layoutState(host, project.name);
  const record = await loadProjectRecord(files, layout);
  assertSameDirectory(record, project.directory);
  const user = await chooseUnitUser(host);
  const supply: SupplyContext = {
    io: home.ports,
    cache: cacheDirectory(host),
    resources: home.resources,
    unitUser: { uid: user.uid, gid: user.gid },
    emit: home.emit,
    signal: home.signal,
  };
  return { engine: "native", home, project, topology, layout, record, user, supply };
}

/**
 * The project's supervisor when one runs, or when units outlived theirs: then a new one adopts them. Undefined when
 * nothing of the project runs.
 */
export async function findSupervisor(session: NativeSession): Promise<SupervisorClient | undefined> {
  const present = await connectSupervisor(session.layout.controlSocket, { signal: session.home.signal });
  if (present !== undefined || session.record === undefined) return present;
  const left = readUnits(session.layout.directory).some(isAlive);
  return left ? openSupervisor(session) : undefined;
}

function isAlive({ state }: UnitStatus): boolean {
  return state !== "stopped" && state !== "exited";
}

/** The project's supervisor, started when none runs; adopts units that outlived an earlier one. */
export async function openSupervisor(session: NativeSession): Promise<SupervisorClient> {
  const { layout, home, user } = session;
  const { files } = home.ports;
  await files.makeDirectory(layout.directory, { mode: 0o755 });
  // Control socket: ours alone. PostgreSQL's sockets: the units' account, and root.
  await files.makeDirectory(join(layout.sockets, ".."), { mode: 0o755 });
  await files.makeDirectory(layout.sockets, {
    mode: 0o700,
    ...(user.owner === undefined ? {} : { owner: user.owner }),
  });
  return ensureSupervisor(
    {
      stateDirectory: layout.directory,
      socketPath: layout.controlSocket,
      entry: home.supervisorEntry,
      wrapper: join(await shareResources(session), "sh", "unit.sh"),
      version: home.version,
    },
    home.signal,
  );
}

/** What units read of our resources, where their account can reach it; the package may lie in a private directory. */
export async function shareResources(session: NativeSession): Promise<string> {
  const { files } = session.home.ports;
  await prepareCache(session.supply);
  const directory = join(session.supply.cache, "resources", session.home.version);
  for (const name of [
    "python/name_hook.py",
    "python/create_airflow_user.py",
    "python/proof_dag.py",
    "sh/unit.sh",
    "sh/airflow-entrypoint.sh",
    "sh/postgres-client.sh",
  ]) {
    const from = join(session.home.resources, name);
    const text = await files.readTextIfPresent(from);
    if (text === undefined) continue;
    const to = join(directory, name);
    if ((await files.readTextIfPresent(to)) === text) continue;
    await files.makeDirectory(join(to, ".."), { mode: 0o755 });
    await files.writeText(to, text, { mode: 0o755 });
  }
  return directory;
}

/** Decides every port and writes the project's record. `running`: services whose unit runs now. */
export async function settlePorts(
  session: NativeSession,
  options: Pick<AssignRequest, "running" | "taking" | "auto">,
): Promise<PortTable> {
  const { project, topology, home, layout, record } = session;
  const table = await assignPorts(home.ports.sockets, {
    needs: listPortNeeds(project, topology),
    remembered: record?.ports ?? {},
    ...options,
    seed: layout.directory,
    onMoved: (need, port) =>
      home.emit({
        type: "note",
        service: need.service,
        message: `Port ${need.published} of ${need.service} is taken; ${port} is used instead.`,
      }),
  });
  await saveProjectRecord(
    session,
    Object.fromEntries(
      Object.entries(table).map(([service, ports]) => [
        service,
        Object.fromEntries(Object.entries(ports).map(([target, { port }]) => [target, port])),
      ]),
    ),
  );
  return table;
}

/** The ports of a project that was started before, or ToolError PROJECT_NOT_RUNNING. */
export function recordedPorts(session: NativeSession): PortTable {
  const { record, project, topology } = session;
  if (record === undefined) {
    throw new ToolError("PROJECT_NOT_RUNNING", `${project.name} was never started here.`, { hint: "bulkhead up" });
  }
  const table: Record<string, Record<number, { host: string; port: number; published: boolean }>> = {};
  for (const need of listPortNeeds(project, topology)) {
    const port = record.ports[need.service]?.[need.target];
    if (port !== undefined)
      (table[need.service] ??= {})[need.target] = { host: need.host, port, published: need.isPublished };
  }
  return table;
}
