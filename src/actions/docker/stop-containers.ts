import type { DockerSession } from "../../engine/docker/docker-session.ts";
import { runCompose } from "../../engine/docker/run-compose.ts";

/** Stops the containers of services. `timeoutMs`: grace before KILL; each container's own when undefined. */
export async function stopContainers(
  session: DockerSession,
  services: readonly string[],
  timeoutMs: number | undefined,
): Promise<void> {
  const grace = timeoutMs === undefined ? [] : ["--timeout", String(Math.ceil(timeoutMs / 1000))];
  await runCompose(session, ["stop", ...grace, "--", ...services]);
  for (const service of services) session.home.emit({ type: "service", service, state: "stopped" });
}
