import { join } from "node:path";

import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findContainerData } from "../engine/docker/find-container-data.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { dataDirectoryOf } from "./data-directory-of.ts";

/** The PostgreSQL services of a project that were started before: what they keep is there. */
export async function findData(session: NativeSession | DockerSession): Promise<readonly DatabaseServer[]> {
  if (session.engine === "docker") return findContainerData(session);
  const { files } = session.home.ports;
  const found: DatabaseServer[] = [];
  for (const server of session.topology.servers) {
    const directory = dataDirectoryOf(session, server);
    if (directory !== undefined && (await files.exists(join(directory, "PG_VERSION")))) found.push(server);
  }
  return found;
}
