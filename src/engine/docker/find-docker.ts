import { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import type { RunResult } from "../../ports/processes.ts";
import type { DockerCli } from "./docker-cli.ts";
import { explainDockerFault } from "./explain-docker-fault.ts";

/** The oldest Compose that is driven here: the first that waits for and starts services as this does. */
const oldest = { major: 2, minor: 20 };

/** How long the docker client itself may take, on a busy machine too. */
const clientMs = 30_000;

/**
 * The engine that answers the docker client within the time, and its Compose. The time begins when the client has answered
 * what needs no engine: a slow machine is no silent engine. Throws what is missing, with its cure:
 * DOCKER_NOT_INSTALLED, DOCKER_COMPOSE_MISSING, DOCKER_NOT_RUNNING, DOCKER_FORBIDDEN, DOCKER_TOO_OLD.
 */
export async function findDocker(
  io: Pick<Ports, "clock" | "files" | "host" | "processes" | "sockets">,
  cli: Pick<DockerCli, "docker" | "env">,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<{ readonly engine: string; readonly compose: string }> {
  const limit = new AbortController();
  const answered = new AbortController();
  const askClient = async (): Promise<RunResult> => {
    const plugin = await cli.docker(["compose", "version", "--short"], { timeoutMs: clientMs, signal });
    void io.clock.sleep(timeoutMs, answered.signal).then(
      () => limit.abort(),
      () => undefined,
    );
    return plugin;
  };
  const askEngine = async (): Promise<RunResult> => {
    try {
      const either = AbortSignal.any([signal, limit.signal]);
      return await cli.docker(["version", "--format", "{{.Server.Version}}"], { signal: either });
    } finally {
      answered.abort();
    }
  };
  const [version, plugin] = await Promise.all([askEngine(), askClient()]);
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
  if ((limit.signal.aborted && version.exitCode !== 0) || plugin.timedOut) {
    throw new ToolError("DOCKER_NOT_RUNNING", `The Docker Engine did not answer within ${timeoutMs / 1000} s.`, {
      hint: "docker version\nOr without Docker: bulkhead up --engine native",
      detail: { fault: "no-answer" },
    });
  }
  if (version.exitCode !== 0) throw await explainDockerFault(io, cli, version.stderr);
  return { engine: version.stdout.trim(), compose };
}
