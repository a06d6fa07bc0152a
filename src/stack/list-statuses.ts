import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";
import type { UnitStatus } from "../engine/native/unit.ts";

/** How every service of a project that ever started is now, asked of the engine that runs it. */
export async function listStatuses(session: NativeSession | DockerSession): Promise<readonly UnitStatus[]> {
  if (session.engine === "docker") return (await session.look()).map(({ status }) => status);
  const client = await findSupervisor(session);
  try {
    return (await client?.status(session.home.signal)) ?? [];
  } finally {
    client?.close();
  }
}
