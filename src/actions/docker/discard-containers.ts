import type { DockerSession } from "../../engine/docker/docker-session.ts";
import { volumesOf } from "../../engine/docker/volumes-of.ts";
import { runCompose } from "../../engine/docker/run-compose.ts";
import { runDocker } from "../../engine/docker/run-docker.ts";

/** Removes the containers of services, with the volumes that no other service uses. What is not there is fine. */
export async function discardContainers(session: DockerSession, services: readonly string[]): Promise<void> {
  const { project } = session;
  const known = services.filter((service) => service in project.services);
  if (known.length === 0) return;
  await runCompose(session, ["rm", "--force", "--stop", "--volumes", "--", ...known]);
  const others = Object.keys(project.services).filter((service) => !known.includes(service));
  const kept = new Set(others.flatMap((service) => volumesOf(project, service)));
  const names = known.flatMap((service) => volumesOf(project, service)).filter((name) => !kept.has(name));
  if (names.length === 0) return;
  await runDocker(session, ["volume", "rm", "--force", ...names]);
}
