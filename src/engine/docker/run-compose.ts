import type { CallOptions } from "./docker-cli.ts";
import type { DockerSession } from "./docker-session.ts";
import { explainDockerFault } from "./explain-docker-fault.ts";

/**
 * Runs `docker compose ARGS` for a project, one call at a time, and gives its stdout. What fails is thrown with its cure, an
 * aborted signal's reason as it is.
 */
export async function runCompose(
  { cli, home }: Pick<DockerSession, "cli" | "home">,
  args: readonly string[],
  more: Omit<CallOptions, "signal"> & { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const signal = more.signal ?? home.signal;
  const result = await cli.compose(args, { ...more, signal });
  signal.throwIfAborted();
  if (result.exitCode !== 0) throw await explainDockerFault(home.ports, cli, result.stderr);
  return result.stdout;
}
