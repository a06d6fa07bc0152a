import type { DockerSession } from "../engine/docker/docker-session.ts";
import { findOrphans } from "../engine/docker/find-orphans.ts";
import { runDocker } from "../engine/docker/run-docker.ts";
import { volumesOf } from "../engine/docker/volumes-of.ts";

/**
 * Ends PostgreSQL containers of services that are no longer in the file and have a volume of one that is to start: a server in
 * one container does not see that another one has its data open, and both would write. The session must have looked.
 */
export async function stopSharers(session: DockerSession, services: readonly string[]): Promise<void> {
  const { project, home } = session;
  const wanted = new Set(services.flatMap((service) => volumesOf(project, service)));
  for (const { id, env, mounts, service, status } of findOrphans(project, session.containers())) {
    const shares = mounts.some(({ volume }) => volume !== undefined && wanted.has(volume));
    if (env["PGDATA"] === undefined || status.state === "exited" || !shares) continue;
    home.emit({ type: "service", service, state: "stopped", detail: "no longer in the file" });
    await runDocker(session, ["stop", id]);
  }
}
