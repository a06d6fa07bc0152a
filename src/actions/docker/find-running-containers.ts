import { containerPorts, type DockerSession } from "../../engine/docker/docker-session.ts";
import { openServiceAccess } from "../../engine/docker/open-service-access.ts";
import type { ProofContext } from "../../proof/proof-context.ts";

/** The ways to a project's containers for a proof; undefined when none runs. */
export async function findRunningContainers(
  session: DockerSession,
): Promise<Pick<ProofContext, "ports" | "open"> | undefined> {
  const containers = await session.look();
  if (!containers.some(({ status }) => status.pid !== undefined)) return undefined;
  return { ports: containerPorts(session), open: (service) => openServiceAccess(session, service) };
}
