import type { DockerSession } from "../engine/docker/docker-session.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import { listStatuses } from "./list-statuses.ts";

/**
 * Services of a project that run now, or are tried again and again: under Docker also those that `ps` tells as a crash loop,
 * because its restart policy never gives up.
 */
export async function listRunning(session: NativeSession | DockerSession): Promise<readonly string[]> {
  const over = ["exited", "stopped", ...(session.engine === "docker" ? [] : ["crash-loop"])];
  const statuses = await listStatuses(session);
  return statuses.filter(({ state }) => !over.includes(state)).map(({ service }) => service);
}
