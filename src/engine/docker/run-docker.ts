import type { CallOptions } from "./docker-cli.ts";
import { dockerFailure } from "./docker-failure.ts";
import type { DockerSession } from "./docker-session.ts";

/** Runs `docker ARGS` and gives its stdout. Throws as `dockerFailure` tells, an aborted signal's reason as it is. */
export async function runDocker(
  { cli, home }: Pick<DockerSession, "cli" | "home">,
  args: readonly string[],
  more: Omit<CallOptions, "signal"> = {},
): Promise<string> {
  const { signal } = home;
  const { exitCode, stdout, stderr } = await cli.docker(args, { ...more, signal });
  signal.throwIfAborted();
  if (exitCode !== 0) throw dockerFailure(stderr);
  return stdout;
}
