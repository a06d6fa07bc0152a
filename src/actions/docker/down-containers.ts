import { dockerFailure } from "../../engine/docker/docker-failure.ts";
import type { DockerSession } from "../../engine/docker/docker-session.ts";
import { removeProjectState } from "../../engine/native/remove-project-state.ts";
import type { DownOptions, DownResult } from "../down.ts";

/** Removes a project's containers and networks, and with `volumes` its volumes and what was remembered of it. */
export async function downContainers(session: DockerSession, wanted: DownOptions): Promise<DownResult> {
  const { home, cli, project } = session;
  const before = await session.look();
  const grace = wanted.timeoutMs === undefined ? [] : ["--timeout", String(Math.ceil(wanted.timeoutMs / 1000))];
  const result = await cli.compose(["down", "--remove-orphans", ...grace, ...(wanted.volumes ? ["--volumes"] : [])], {
    signal: home.signal,
  });
  home.signal.throwIfAborted();
  if (result.exitCode !== 0) throw dockerFailure(result.stderr);
  const stopped = [...new Set(before.map(({ service }) => service))];
  for (const service of stopped) home.emit({ type: "service", service, state: "stopped" });
  if (!wanted.volumes) return { stopped, removedVolumes: [], copies: [] };
  await removeProjectState(home.ports.files, session.layout);
  const removed = Object.values(project.volumes).filter(({ external }) => external !== true);
  return { stopped, removedVolumes: removed.map(({ name }) => name), copies: [] };
}
