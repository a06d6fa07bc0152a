import { dockerFailure } from "./docker-failure.ts";
import type { DockerSession } from "./docker-session.ts";

/** Whether a small file is in a container, running or not. Throws as `dockerFailure` tells. */
export async function containerHasFile(
  { cli, home }: Pick<DockerSession, "cli" | "home">,
  container: string,
  path: string,
): Promise<boolean> {
  const { exitCode, stderr } = await cli.docker(["cp", "--follow-link", `${container}:${path}`, "-"], {
    signal: home.signal,
  });
  home.signal.throwIfAborted();
  if (exitCode === 0) return true;
  // The latter are the words of older clients.
  if (/Could not find the file|No such container:path/i.test(stderr)) return false;
  throw dockerFailure(stderr);
}
