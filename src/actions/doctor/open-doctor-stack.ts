import type { StackPlace } from "../../diagnose/doctor/doctor-place.ts";
import { dialContainer } from "../../engine/docker/dial-container.ts";
import { containerPorts, type DockerSession } from "../../engine/docker/docker-session.ts";
import { chooseUnitUser } from "../../engine/native/choose-unit-user.ts";
import { recordedPorts, type NativeSession } from "../../engine/native/native-session.ts";
import { connectSupervisor } from "../../engine/native/supervisor/client.ts";
import { readUnits } from "../../engine/native/supervisor/read-units.ts";
import type { UnitStatus } from "../../engine/native/unit.ts";
import type { PortTable } from "../../engine/plan-ports.ts";
import type { EngineName } from "../../engine/project-state.ts";
import { loadJobRecord } from "../../stack/job-record.ts";
import { openServer } from "../../stack/open-server.ts";
import { openService } from "../../stack/open-service.ts";
import { ownAddress, staticPrefix } from "../../stack/readiness.ts";
import { chosenEngine } from "../chosen-engine.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { findContainerRemains } from "../docker/find-container-remains.ts";
import { openEngineSession } from "../open-project.ts";

/**
 * How the project's stack is now. Where no engine was chosen yet, it is the one in which containers of it are: whoever has
 * run it by Docker Compose asks about these. Throws as `openEngineSession`, and where a Docker Engine cannot be asked.
 */
export async function openDoctorStack(
  context: ActionContext,
  options: ProjectOptions,
): Promise<{ readonly stack: StackPlace; readonly engine: EngineName | undefined }> {
  let found: EngineName | undefined;
  const session = await openEngineSession(context, options, async ({ project }) => {
    const { running, stopped } = await findContainerRemains(context, options, project);
    found = running.length + stopped.length > 0 ? "docker" : undefined;
    return found ?? "native";
  });
  const engine = chosenEngine(context, options, session.record) ?? found;
  const stack = session.engine === "docker" ? await openContainers(session) : await openUnits(session);
  return { stack, engine };
}

async function openUnits(session: NativeSession): Promise<StackPlace> {
  const ports = session.record === undefined ? {} : recordedPorts(session);
  return {
    ...(await describe(session, ports, session.record === undefined ? [] : await readStatuses(session))),
    unitUser: { uid: session.user.uid, gid: session.user.gid },
    // Names of the project are mapped to this machine's ports.
    dialFrom: () => undefined,
  };
}

/** Asks the supervisor; without one the project's state tells, and none is started for a look. */
async function readStatuses({ layout, home }: NativeSession): Promise<readonly UnitStatus[]> {
  const client = await connectSupervisor(layout.controlSocket, { signal: home.signal });
  if (client === undefined) return readUnits(layout.directory);
  try {
    return await client.status(home.signal);
  } finally {
    client.close();
  }
}

async function openContainers(session: DockerSession): Promise<StackPlace> {
  const containers = await session.look();
  const statuses = containers.map(({ status }) => status);
  const { uid, gid } = await chooseUnitUser(session.home.ports.host);
  return {
    ...(await describe(session, containerPorts(session), statuses)),
    unitUser: { uid, gid },
    dialFrom: (service, host, port) => {
      const id = containers.find((one) => one.service === service && one.status.state === "running")?.id;
      const { ports, signal } = session.home;
      return id === undefined ? undefined : dialContainer(ports.processes, session.cli, { id, host, port }, signal);
    },
  };
}

async function describe(
  session: NativeSession | DockerSession,
  ports: PortTable,
  statuses: readonly UnitStatus[],
): Promise<Omit<StackPlace, "unitUser" | "dialFrom">> {
  const { services } = session.topology;
  const units = new Map(statuses.map((status) => [status.service, status]));
  const completed = new Set<string>();
  for (const { service, oneShot, mayEnd } of Object.values(services)) {
    if (!oneShot && !mayEnd) continue;
    const isDone = units.get(service)?.exitCode === 0 || (await loadJobRecord(session, service)) !== undefined;
    if (isDone) completed.add(service);
  }
  return {
    session,
    ports,
    units,
    completed,
    openServer: (service) => openServer(session, service),
    open: (service) => openService(session, service),
    mlflowAt: (service) => {
      const role = services[service];
      const address = role === undefined ? undefined : ownAddress(ports, role);
      return role === undefined || address === undefined
        ? undefined
        : { baseUrl: address.url, target: address.target, prefix: staticPrefix(role) };
    },
  };
}
