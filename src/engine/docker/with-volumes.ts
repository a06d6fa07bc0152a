import type { DockerSession } from "./docker-session.ts";
import { runDocker } from "./run-docker.ts";

/** An empty tar file: two blocks of zeros. */
const emptyTar = "\0".repeat(1024);

/**
 * Works with a container that has volumes, read-only, and is never started: `docker cp` reads them. Its image holds nothing, so
 * none has to be there. Both are removed afterwards, also when the work was interrupted. Throws as `dockerFailure` tells.
 *
 * @param work gets the container's name and where each volume is in it
 */
export async function withVolumes<T>(
  session: Pick<DockerSession, "cli" | "home">,
  volumes: readonly string[],
  work: (container: string, pathOf: (volume: string) => string) => Promise<T>,
): Promise<T> {
  const { cli, home } = session;
  const name = `bulkhead-look-${Buffer.from(home.ports.random.bytes(6)).toString("hex")}`;
  const pathOf = (volume: string): string => `/volumes/${volume}`;
  const mounts = volumes.flatMap((volume) => [
    "--mount",
    `type=volume,source=${volume},target=${pathOf(volume)},readonly,volume-nocopy`,
  ]);
  try {
    await runDocker(session, ["import", "-", name], { input: emptyTar });
    await runDocker(session, ["create", "--name", name, "--network", "none", ...mounts, name, "never-started"]);
    return await work(name, pathOf);
  } finally {
    await cli.docker(["rm", "--force", name], { timeoutMs: 60_000 });
    await cli.docker(["image", "rm", "--force", name], { timeoutMs: 60_000 });
  }
}
