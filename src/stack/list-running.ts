import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";

/**
 * Services of a project that run now, or are tried again and again: under Docker also those that `ps` tells as a crash loop,
 * because its restart policy never gives up.
 */
export async function listRunning(session: NativeSession | DockerSession): Promise<readonly string[]> {
  const { engine } = session;
  const statuses = engine === "docker" ? (await session.look()).map(({ status }) => status) : await unitsOf(session);
  const over = ["exited", "stopped", ...(engine === "docker" ? [] : ["crash-loop"])];
  return statuses.filter(({ state }) => !over.includes(state)).map(({ service }) => service);
}

async function unitsOf(session: NativeSession) {
  const client = await findSupervisor(session);
  try {
    return (await client?.status(session.home.signal)) ?? [];
  } finally {
    client?.close();
  }
}
