import type { DockerSession } from "../engine/docker/docker-session.ts";
import { openServerAccess as openContainerAccess } from "../engine/docker/open-server-access.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import { openServerAccess as openUnitAccess } from "../engine/native/open-server-access.ts";
import type { ServerAccess } from "../ports/server-access.ts";

/**
 * The way to a PostgreSQL service as its superuser, under the engine that runs it; a Docker session must have looked. Throws as
 * the two do.
 */
export function openServer(session: NativeSession | DockerSession, service: string): ServerAccess {
  return session.engine === "docker" ? openContainerAccess(session, service) : openUnitAccess(session, service);
}
