import { ToolError } from "../core/tool-error.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { openServerAccess } from "../engine/docker/open-server-access.ts";
import { runCompose } from "../engine/docker/run-compose.ts";
import { saveProjectRecord } from "../engine/save-project-record.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import type { RunningServer } from "./with-running-servers.ts";

const waitMs = 60_000;
const pollMs = 200;

/** `withRunningServers` under Docker: containers that were not there are removed again, and nothing else is touched. */
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
    before.some((one) => one.service === service && one.status.pid !== undefined);
  const started = services.filter((service) => !ran(service));
  try {
    if (started.length > 0) {
      await runCompose(session, ["create", "--no-recreate", "--", ...started], { timeoutMs: 3_600_000 });
      await runCompose(session, ["up", "--detach", "--no-deps", "--no-recreate", "--no-build", "--", ...started]);
      await session.look();
    }
    const found: RunningServer[] = [];
    for (const server of servers) {
      const failure = started.includes(server.service) ? await awaitServer(session, server.service) : undefined;
      found.push(
        failure === undefined
          ? { server, access: openServerAccess(session, server.service), failure }
          : { server, access: undefined, failure },
      );
    }
    return await work(found);
  } finally {
    await putBack(session, { started, made: started.filter((service) => !isThere(service)), all: before.length === 0 });
  }
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
      if (container?.status.state === "running" && clock.now() < until) {
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
    all,
  }: { readonly started: readonly string[]; readonly made: readonly string[]; readonly all: boolean },
): Promise<void> {
  if (started.length === 0) return;
  const { cli } = session;
  await cli.compose(["stop", "--", ...started], { timeoutMs: waitMs });
  if (all) await cli.compose(["down"], { timeoutMs: waitMs });
  else if (made.length > 0) await cli.compose(["rm", "--force", "--", ...made], { timeoutMs: waitMs });
}
