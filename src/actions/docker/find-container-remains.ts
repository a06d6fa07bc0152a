import type { Project } from "../../compose/project.ts";
import { isToolError } from "../../core/tool-error.ts";
import { createDockerCli } from "../../engine/docker/docker-cli.ts";
import { listContainers } from "../../engine/docker/list-containers.ts";
import type { Remains } from "../assert-one-engine.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";

/** How long an engine that may not be there is waited for. */
const answerMs = 3_000;

export interface ContainerRemains extends Remains {
  /** Services whose containers are there and do not run. */
  readonly stopped: readonly string[];
}

/** What the Docker Engine has of a project; nothing when no engine answers, because then nothing runs there either. */
export async function findContainerRemains(
  context: ActionContext,
  options: ProjectOptions,
  project: Project,
): Promise<ContainerRemains> {
  const { ports } = context;
  const cli = createDockerCli(ports.processes, project, loadRequest(context, options));
  const limit = AbortSignal.timeout(answerMs);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    const label = `label=com.docker.compose.project=${project.name}`;
    const [containers, listed] = await Promise.all([
      listContainers(ports, cli, project.name, signal),
      cli.docker(["volume", "ls", "--quiet", "--filter", label], { signal }),
    ]);
    const [running, stopped] = [true, false].map((runs) =>
      containers.filter(({ status }) => (status.pid !== undefined) === runs).map(({ service }) => service),
    );
    const volumes = listed.stdout.split("\n").filter((name) => name !== "");
    return { running: running ?? [], stopped: stopped ?? [], volumes };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isToolError(error) && !limit.aborted) throw error;
    return { running: [], stopped: [], volumes: [] };
  }
}
