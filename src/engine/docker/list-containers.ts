import type { Ports } from "../../ports/ports.ts";
import { parseContainers, type Container } from "./container.ts";
import type { DockerCli } from "./docker-cli.ts";
import { explainDockerFault } from "./explain-docker-fault.ts";

/** The containers of a project's services, stopped ones too, without those of `run`. */
export async function listContainers(
  io: Pick<Ports, "files" | "host" | "processes" | "sockets">,
  cli: DockerCli,
  projectName: string,
  signal: AbortSignal,
): Promise<readonly Container[]> {
  const label = `label=com.docker.compose.project=${projectName}`;
  const listed = await cli.docker(["ps", "--all", "--quiet", "--no-trunc", "--filter", label], { signal });
  signal.throwIfAborted();
  if (listed.exitCode !== 0) throw await explainDockerFault(io, cli, listed.stderr);
  const ids = listed.stdout.split("\n").filter((id) => id !== "");
  if (ids.length === 0) return [];
  const inspected = await cli.docker(["inspect", "--type", "container", ...ids], { signal });
  signal.throwIfAborted();
  // One that was removed in between is missing in the answer, and the exit code is 1.
  return parseContainers(inspected.stdout || "[]").filter(({ isOneOff }) => !isOneOff);
}
