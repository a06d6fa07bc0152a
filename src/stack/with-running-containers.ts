import { isToolError, ToolError } from "../core/tool-error.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { listContainers } from "../engine/docker/list-containers.ts";
import { openServerAccess } from "../engine/docker/open-server-access.ts";
import { runCompose } from "../engine/docker/run-compose.ts";
import { saveProjectRecord } from "../engine/save-project-record.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { isNeeded } from "./is-needed.ts";
import { stopSharers } from "./stop-sharers.ts";
import { isOver } from "./unit-watch.ts";
import type { RunningServer } from "./with-running-servers.ts";

/** A server that was killed reads its log first, and stops only after a checkpoint. */
const waitMs = 300_000;
const pollMs = 200;

/**
 * `withRunningServers` under Docker: containers that were not there are removed again, and nothing else is touched but servers
 * in a crash loop, which are stopped meanwhile.
 */
export async function withRunningContainers<T>(
  session: DockerSession,
  servers: readonly DatabaseServer[],
  work: (running: readonly RunningServer[]) => Promise<T>,
): Promise<T> {
  const before = await session.look();
  if (session.record === undefined) await saveProjectRecord(session, {});
  const services = servers.map(({ service }) => service);
  const isThere = (service: string): boolean => before.some((one) => one.service === service);
  const ran = (service: string): boolean =>
    before.some((one) => one.service === service && one.status.state === "running");
  const started = services.filter((service) => !ran(service));
  const looping: string[] = [];
  try {
    if (started.length > 0) {
      await stopSharers(session, started);
      await runCompose(session, ["create", "--no-recreate", "--", ...started], { timeoutMs: 3_600_000 });
      await runCompose(session, ["up", "--detach", "--no-deps", "--no-recreate", "--no-build", "--", ...started]);
      await session.look();
    }
    const found: RunningServer[] = [];
    for (const server of servers) {
      const { service } = server;
      const failure = await awaitServer(session, service);
      if (failure === undefined) {
        found.push({ server, access: openServerAccess(session, service), failure });
        continue;
      }
      // A server that runs and does not let us in is its user's to stop.
      if (!started.includes(service) && isRunning(session, service)) throw failure;
      if (!started.includes(service)) looping.push(service);
      await runCompose(session, ["stop", "--", service]);
      found.push({ server, access: undefined, failure });
    }
    return await work(found);
  } finally {
    const made = started.filter((service) => !isThere(service));
    await putBack(session, { started, made, looping, all: before.length === 0 });
  }
}

function isRunning(session: DockerSession, service: string): boolean {
  return session.containers().some((one) => one.service === service && one.status.state === "running");
}

/** Waits until the server lets its superuser in. Gives why it does not. */
async function awaitServer(session: DockerSession, service: string): Promise<Error | undefined> {
  const { clock } = session.home.ports;
  const { signal } = session.home;
  const until = clock.now() + waitMs;
  for (;;) {
    try {
      await (await openServerAccess(session, service).connect("postgres", signal)).close();
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      const container = (await session.look()).find((one) => one.service === service);
      const isRefused = isToolError(error) && String(error.detail["sqlState"]).startsWith("28");
      if (container?.status.state === "running" && !isRefused && clock.now() < until) {
        await clock.sleep(pollMs, signal);
        continue;
      }
      const code = container?.status.exitCode;
      const what = code === undefined ? String(error instanceof Error ? error.message : error) : `exited with ${code}`;
      return new ToolError("STACK_FAILED", `${service} ${what}`, { hint: `bulkhead logs ${service}`, exitCode: 1 });
    }
  }
}

/** Also after an interrupt. `all`: there was no container of the project, so its network is removed too. */
async function putBack(
  session: DockerSession,
  {
    started,
    made,
    looping,
    all,
  }: Readonly<Record<"started" | "made" | "looping", readonly string[]>> & { readonly all: boolean },
): Promise<void> {
  const { cli, home, project } = session;
  if (looping.length > 0) await cli.compose(["start", "--", ...looping], { timeoutMs: waitMs });
  if (started.length === 0) return;
  const own = new AbortController().signal;
  const containers = await listContainers(home.ports, cli, project.name, own).catch(() => []);
  const running = containers.filter(({ status }) => !isOver(status)).map(({ service }) => service);
  const unneeded = started.filter((service) => !isNeeded(session, service, running));
  if (unneeded.length > 0) await cli.compose(["stop", "--", ...unneeded], { timeoutMs: waitMs });
  const isAll = all && running.every((service) => unneeded.includes(service));
  const left = made.filter((service) => unneeded.includes(service));
  if (isAll) await cli.compose(["down"], { timeoutMs: waitMs });
  else if (left.length > 0) await cli.compose(["rm", "--force", "--", ...left], { timeoutMs: waitMs });
}
