import type { DatabaseServer } from "../../topology/topology.ts";
import type { DockerSession } from "./docker-session.ts";
import { listVolumes } from "./list-volumes.ts";
import { volumesOf } from "./volumes-of.ts";

/** The PostgreSQL services that were started before: of which a container, or a named volume that the file gives it, is there. */
export async function findContainerData(session: DockerSession): Promise<readonly DatabaseServer[]> {
  const { project, topology } = session;
  const containers = await session.look();
  const volumes = new Set(await listVolumes(session, "all"));
  return topology.servers.filter(
    ({ service }) =>
      volumesOf(project, service).some((name) => volumes.has(name)) ||
      containers.some((one) => one.service === service),
  );
}
