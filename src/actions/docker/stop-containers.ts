import type { DockerSession } from "../../engine/docker/docker-session.ts";
import { runCompose } from "../../engine/docker/run-compose.ts";
import { stopOrder } from "../../stack/plan-waits.ts";
import type { StopOptions } from "../stop.ts";

/** Stops the containers of the named services (all when none is named), dependents first. Keeps everything else. */
export async function stopContainers(session: DockerSession, wanted: StopOptions): Promise<void> {
  const { home } = session;
  const running = new Set(
    (await session.look()).filter(({ status }) => status.pid !== undefined).map(({ service }) => service),
  );
  const chosen = wanted.services.length === 0 ? [...running] : wanted.services.filter((one) => running.has(one));
  const grace = wanted.timeoutMs === undefined ? [] : ["--timeout", String(Math.ceil(wanted.timeoutMs / 1000))];
  for (const wave of stopOrder(session.project, chosen)) {
    await runCompose(session, ["stop", ...grace, "--", ...wave]);
    for (const service of wave) home.emit({ type: "service", service, state: "stopped" });
  }
}
