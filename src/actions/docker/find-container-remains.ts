import type { Project } from "../../compose/project.ts";
import { isToolError } from "../../core/tool-error.ts";
import { createDockerCli } from "../../engine/docker/docker-cli.ts";
import { listContainers } from "../../engine/docker/list-containers.ts";
import type { Remains } from "../assert-one-engine.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";

/** What the Docker Engine has of a project; nothing when no engine answers, because then nothing runs there either. */
export async function findContainerRemains(
  context: ActionContext,
  options: ProjectOptions,
  project: Project,
): Promise<Remains> {
  const { ports, signal } = context;
  const cli = createDockerCli(ports.processes, project, loadRequest(context, options));
  try {
    const containers = await listContainers(ports, cli, project.name, signal);
    const running = containers.filter(({ status }) => status.pid !== undefined).map(({ service }) => service);
    const label = `label=com.docker.compose.project=${project.name}`;
    const { stdout } = await cli.docker(["volume", "ls", "--quiet", "--filter", label], { signal });
    return { running, volumes: stdout.split("\n").filter((name) => name !== "") };
  } catch (error) {
    signal.throwIfAborted();
    if (!isToolError(error)) throw error;
    return { running: [], volumes: [] };
  }
}
