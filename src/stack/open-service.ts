import type { DockerSession } from "../engine/docker/docker-session.ts";
import { openServiceAccess as openContainerAccess } from "../engine/docker/open-service-access.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import { openServiceAccess as openUnitAccess } from "../engine/native/open-service-access.ts";
import type { ServiceAccess } from "../engine/service-access.ts";

/**
 * The inside of a service under the engine that runs it; a Docker session must have looked. Undefined where it does not run,
 * natively where it never did.
 */
export function openService(
  session: NativeSession | DockerSession,
  service: string,
): Promise<ServiceAccess | undefined> {
  return session.engine === "docker" ? openContainerAccess(session, service) : openUnitAccess(session, service);
}
