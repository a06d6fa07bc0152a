import { join } from "node:path";

import { copyContainerData } from "../engine/docker/copy-container-data.ts";
import { dataDirectoryIn, mountAt } from "../engine/docker/container.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findOrphans } from "../engine/docker/find-orphans.ts";
import { volumesOf } from "../engine/docker/volumes-of.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";
import { copyDataDirectory } from "./copy-data-directory.ts";
import { dataDirectoryOf } from "./data-directory-of.ts";

/** A PostgreSQL cluster that no service of the file uses any more: its service was renamed or taken out. */
export interface ForgottenData {
  readonly name: string;
  /** What the file no longer says cannot be started: what still runs there is ended and its data copied as it is. */
  readonly copyTo: (path: string) => Promise<void>;
}

/** Natively by the project's volumes; under Docker by containers of services that the file no longer has. */
export async function findForgottenData(session: NativeSession | DockerSession): Promise<readonly ForgottenData[]> {
  return session.engine === "docker" ? inContainers(session) : inVolumes(session);
}

async function inContainers(session: DockerSession): Promise<readonly ForgottenData[]> {
  const { project } = session;
  const used = new Set(Object.keys(project.services).flatMap((service) => volumesOf(project, service)));
  return findOrphans(project, await session.look()).flatMap((container) => {
    const mount = mountAt(container, dataDirectoryIn(container));
    const isServer = container.env["PGDATA"] !== undefined;
    // Another service has the volume now: its backup has the data.
    if (!isServer || mount === undefined || (mount.volume !== undefined && used.has(mount.volume))) return [];
    return [{ name: container.service, copyTo: (path) => copyContainerData(session, container, path) }];
  });
}

async function inVolumes(session: NativeSession): Promise<readonly ForgottenData[]> {
  const { files } = session.home.ports;
  const { volumes } = session.layout;
  if (!(await files.exists(volumes))) return [];
  const used = session.topology.servers.map((server) => dataDirectoryOf(session, server));
  const forgotten: ForgottenData[] = [];
  for (const name of await files.list(volumes)) {
    const path = join(volumes, name);
    if (used.includes(path) || !(await files.exists(join(path, "PG_VERSION")))) continue;
    const copyTo = async (to: string): Promise<void> => {
      await endForgottenUnits(session);
      await copyDataDirectory(files, path, to);
    };
    forgotten.push({ name, copyTo });
  }
  return forgotten;
}

async function endForgottenUnits(session: NativeSession): Promise<void> {
  const { signal } = session.home;
  const client = await findSupervisor(session);
  try {
    for (const { service } of (await client?.status(signal)) ?? []) {
      if (session.project.services[service] === undefined) await client?.stop(service, { signal });
    }
  } finally {
    client?.close();
  }
}
