import { containerPorts, type DockerSession } from "../../engine/docker/docker-session.ts";
import { findDocker } from "../../engine/docker/find-docker.ts";
import { findOrphans } from "../../engine/docker/find-orphans.ts";
import { watchContainers } from "../../engine/docker/watch-containers.ts";
import { saveProjectRecord } from "../../engine/save-project-record.ts";
import { bringUpContainers } from "../../stack/bring-up-containers.ts";
import { confirmStack } from "../../stack/confirm-stack.ts";
import { stopSharers } from "../../stack/stop-sharers.ts";
import { listAccess } from "../../stack/list-access.ts";
import type { ActionContext } from "../context.ts";
import type { StartedServices, StartOptions } from "../start-services.ts";

/** Starts services of a project under Docker and resolves when all are ready. The caller holds the project's lock. */
export async function upContainers(
  context: ActionContext,
  session: DockerSession,
  services: readonly string[],
  { waitTimeoutMs, autoPorts, removeOrphans }: StartOptions,
): Promise<StartedServices> {
  if (autoPorts) {
    const message = "--auto-ports is for the native engine: Docker publishes the ports that the file names.";
    context.emit({ type: "note", message });
  }
  await findDocker(context.ports, session.cli, { timeoutMs: 20_000, signal: context.signal });
  await saveProjectRecord(session, {});
  const watch = await watchContainers(session);
  try {
    if (!removeOrphans) tellOrphans(context, session);
    await stopSharers(session, services);
    const ports = (): ReturnType<typeof containerPorts> => containerPorts(session);
    await bringUpContainers({ session, watch, ports, services, waitTimeoutMs, removeOrphans });
    const rows = await confirmStack({ session, watch, ports: ports(), services, signal: context.signal });
    return {
      project: session.project.name,
      engine: "docker",
      services: rows,
      access: listAccess(session, ports(), services),
      ok: rows.every(({ state }) => state === "ready" || state === "completed"),
    };
  } finally {
    watch.close();
  }
}

/** Containers of services that the file no longer has. */
function tellOrphans(context: ActionContext, session: DockerSession): void {
  const { name } = session.project;
  const orphans = findOrphans(session.project, session.containers())
    .filter(({ status }) => status.pid !== undefined)
    .map(({ service }) => service);
  if (orphans.length === 0) return;
  const message = `${[...new Set(orphans)].join(", ")} still runs in ${name}, but is no longer in the file.`;
  context.emit({ type: "warning", message, hint: "bulkhead up --remove-orphans" });
}
