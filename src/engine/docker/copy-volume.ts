import { join } from "node:path";

import type { DockerSession } from "./docker-session.ts";
import { runDocker } from "./run-docker.ts";
import { withVolumes } from "./with-volumes.ts";

/**
 * Copies a directory of a volume; containers that have the volume are stopped for it. Throws as `dockerFailure` tells.
 *
 * @param path in the volume; empty: all of it
 * @param to absolute, of this machine; must not exist
 */
export async function copyVolume(
  session: Pick<DockerSession, "cli" | "home">,
  volume: string,
  path: string,
  to: string,
): Promise<void> {
  const users = (await runDocker(session, ["ps", "--quiet", "--filter", `volume=${volume}`]))
    .split("\n")
    .filter(Boolean);
  if (users.length > 0) await runDocker(session, ["stop", ...users]);
  await withVolumes(session, [volume], async (container, pathOf) => {
    await runDocker(session, ["cp", `${container}:${join(pathOf(volume), path)}`, to]);
  });
}
