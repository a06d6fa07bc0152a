import { join } from "node:path";

import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";
import { copyDataDirectory } from "./copy-data-directory.ts";
import { dataDirectoryOf } from "./data-directory-of.ts";
import { findForgottenContainers } from "./find-forgotten-containers.ts";
import { clusterPlaces, nameOfCluster, type ForgottenData } from "./forgotten-data.ts";

/**
 * Natively by the project's volumes; under Docker by containers and volumes.
 *
 * @param goes everything of the project is to be removed
 */
export async function findForgottenData(
  session: NativeSession | DockerSession,
  goes: boolean,
): Promise<readonly ForgottenData[]> {
  return session.engine === "docker" ? findForgottenContainers(session, goes) : inVolumes(session);
}

async function inVolumes(session: NativeSession): Promise<readonly ForgottenData[]> {
  const { files } = session.home.ports;
  const { volumes } = session.layout;
  if (!(await files.exists(volumes))) return [];
  const used = session.topology.servers.map((server) => dataDirectoryOf(session, server));
  const forgotten: ForgottenData[] = [];
  for (const name of await files.list(volumes)) {
    for (const place of clusterPlaces) {
      const path = join(volumes, name, place);
      if (used.includes(path) || !(await files.exists(join(path, "PG_VERSION")))) continue;
      const copyTo = async (to: string): Promise<void> => {
        await endForgottenUnits(session);
        await copyDataDirectory(files, path, to);
      };
      forgotten.push({ name: nameOfCluster(name, place), copyTo });
    }
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
