import type { ServiceRow } from "../../core/result-rows.ts";
import { containerPorts, type DockerSession } from "../../engine/docker/docker-session.ts";
import { askServices } from "../../stack/confirm-stack.ts";

/** Rows of all services of a project, started or not; each running one is asked once. */
export async function listContainerServices(session: DockerSession): Promise<readonly ServiceRow[]> {
  await session.look();
  const status = (service: string): ReturnType<typeof findStatus> => findStatus(session, service);
  return askServices({
    session,
    watch: { status, refresh: async () => void (await session.look()) },
    ports: containerPorts(session),
    services: Object.keys(session.project.services),
    signal: session.home.signal,
  });
}

function findStatus(session: DockerSession, service: string) {
  return session.containers().find((container) => container.service === service)?.status;
}
