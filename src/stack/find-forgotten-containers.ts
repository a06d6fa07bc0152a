import { join } from "node:path";

import { dataPathIn } from "../catalog/postgres/data-path.ts";
import { containerHasFile } from "../engine/docker/container-has-file.ts";
import { dataDirectoryIn, innermostAt, mountAt, type Container } from "../engine/docker/container.ts";
import { copyContainerData } from "../engine/docker/copy-container-data.ts";
import { copyVolume } from "../engine/docker/copy-volume.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findOrphans } from "../engine/docker/find-orphans.ts";
import { listVolumes } from "../engine/docker/list-volumes.ts";
import { volumesOf } from "../engine/docker/volumes-of.ts";
import { withVolumes } from "../engine/docker/with-volumes.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { clusterPlaces, nameOfCluster, type ForgottenData } from "./forgotten-data.ts";

/**
 * Clusters that no server of the file keeps: in containers of services that the file no longer has, and in volumes that no
 * service of it uses.
 *
 * @param goes everything of the project is to be removed: then also what services use that are not known for servers
 */
export async function findForgottenContainers(
  session: DockerSession,
  goes: boolean,
): Promise<readonly ForgottenData[]> {
  const { project, topology } = session;
  const containers = await session.look();
  const servers = new Set(topology.servers.map(({ service }) => service));
  /** Volumes whose cluster a server is asked for, or that a container of these is copied from. */
  const known = new Set(topology.servers.flatMap((server) => dataVolumeOf(session, server) ?? []));
  const suspects = goes ? containers.filter(({ service }) => !servers.has(service)) : findOrphans(project, containers);
  const lost: Container[] = [];
  for (const container of suspects) {
    const directory = dataDirectoryIn(container);
    const volume = container.env["PGDATA"] === undefined ? undefined : mountAt(container, directory)?.volume;
    if (volume === undefined || known.has(volume)) continue;
    if (!(await containerHasFile(session, container.id, `${directory}/PG_VERSION`))) continue;
    known.add(volume);
    lost.push(container);
  }
  const volumes = (await listOpenVolumes(session, goes)).filter((volume) => !known.has(volume));
  return [
    ...lost.map((container) => ({
      name: container.service,
      copyTo: (path: string) => copyContainerData(session, container, path),
    })),
    ...(volumes.length === 0 ? [] : await findClusters(session, volumes)),
  ];
}

/** The volume that a server's cluster is in: its container's, else what the file gives it. */
function dataVolumeOf({ containers, project, topology }: DockerSession, server: DatabaseServer): string | undefined {
  const { service, major } = server;
  const container = containers().find((one) => one.service === service);
  if (container !== undefined) return mountAt(container, dataDirectoryIn(container))?.volume;
  const path = dataPathIn(topology.services[service]?.environment ?? {}, major);
  const mount = innermostAt(project.services[service]?.volumes ?? [], path);
  return mount?.type === "volume" && mount.source !== undefined ? project.volumes[mount.source]?.name : undefined;
}

/** Volumes that were made for the project; where it stays, those that no service of the file has. */
async function listOpenVolumes(session: DockerSession, goes: boolean): Promise<readonly string[]> {
  const { services, disabledServices, volumes } = session.project;
  const own = await listVolumes(session, "own");
  if (goes) return own;
  const all = { services: { ...services, ...disabledServices }, volumes };
  const used = new Set(Object.keys(all.services).flatMap((service) => volumesOf(all, service)));
  return own.filter((volume) => !used.has(volume));
}

async function findClusters(session: DockerSession, volumes: readonly string[]): Promise<readonly ForgottenData[]> {
  return withVolumes(session, volumes, async (container, pathOf) => {
    const found: ForgottenData[] = [];
    for (const volume of volumes) {
      for (const place of clusterPlaces) {
        if (!(await containerHasFile(session, container, join(pathOf(volume), place, "PG_VERSION")))) continue;
        const copyTo: ForgottenData["copyTo"] = (path) => copyVolume(session, volume, place, path);
        found.push({ name: nameOfCluster(volume, place), copyTo });
      }
    }
    return found;
  });
}
