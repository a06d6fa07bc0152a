import { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import type { DockerCli } from "./docker-cli.ts";
import { explainDockerFault } from "./explain-docker-fault.ts";

/** The oldest Compose that is driven here: the first that waits for and starts services as this does. */
const oldest = { major: 2, minor: 20 };

/**
 * The engine that answers the docker client within the time, and its Compose. Throws what is missing, with its cure:
 * DOCKER_NOT_INSTALLED, DOCKER_COMPOSE_MISSING, DOCKER_NOT_RUNNING, DOCKER_FORBIDDEN, DOCKER_TOO_OLD.
 */
export async function findDocker(
  io: Pick<Ports, "files" | "host" | "processes" | "sockets">,
  cli: Pick<DockerCli, "docker" | "env">,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<{ readonly engine: string; readonly compose: string }> {
  const [version, plugin] = await Promise.all([
    cli.docker(["version", "--format", "{{.Server.Version}}"], { timeoutMs, signal }),
    cli.docker(["compose", "version", "--short"], { timeoutMs, signal }),
  ]);
  signal.throwIfAborted();
  if (plugin.exitCode !== 0 && !plugin.timedOut) throw await explainDockerFault(io, cli, plugin.stderr);
  const compose = plugin.stdout.trim().replace(/^v/, "");
  const [major = 0, minor = 0] = compose.split(".").map(Number);
  if (!plugin.timedOut && (major < oldest.major || (major === oldest.major && minor < oldest.minor))) {
    throw new ToolError("DOCKER_TOO_OLD", `Compose ${compose} is too old: 2.20 is the oldest that works here.`, {
      hint: "sudo apt-get install docker-compose-plugin\nOr without Docker: bulkhead up --engine native",
      detail: { fault: "compose-too-old", compose },
    });
  }
  if (version.timedOut || plugin.timedOut) {
    throw new ToolError("DOCKER_NOT_RUNNING", `The Docker Engine did not answer within ${timeoutMs / 1000} s.`, {
      hint: "docker version\nOr without Docker: bulkhead up --engine native",
      detail: { fault: "no-answer" },
    });
  }
  if (version.exitCode !== 0) throw await explainDockerFault(io, cli, version.stderr);
  return { engine: version.stdout.trim(), compose };
}
