import { ToolError } from "../core/tool-error.ts";
import type { Container } from "../engine/docker/container.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { runCompose } from "../engine/docker/run-compose.ts";
import type { ContainerWatch } from "../engine/docker/watch-containers.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import { awaitJob } from "./await-job.ts";
import { awaitReady, type ReadyContext } from "./await-ready.ts";
import { serviceFailure } from "./service-failure.ts";
import { restartsWith } from "./plan-waits.ts";
import { verifyMigration } from "./verify-migration.ts";
import { startInOrder, type ServiceStart } from "./start-in-order.ts";

export interface ContainerStart {
  readonly session: DockerSession;
  readonly watch: ContainerWatch;
  /** Where things are found now; asked again after each start, because that decides published ports. */
  readonly ports: () => PortTable;
  readonly services: readonly string[];
  readonly waitTimeoutMs: number;
  /** Remove containers of services that are no longer in the file. */
  readonly removeOrphans: boolean;
}

interface Context extends ContainerStart {
  readonly waiting: Map<string, string>;
  /** Services whose container was made anew: who depends on them with `restart: true` is started anew. */
  readonly replaced: Set<string>;
}

/**
 * Starts the containers of services in health order, by Bulkhead's own questions instead of the file's intervals. All are
 * created at once first, then started one by one without their dependencies, which is the only way that keeps secrets from
 * `environment:` and post_start hooks. What runs as defined is left alone, and a job that succeeded is not run again.
 *
 * @throws ToolError STACK_FAILED with the service that failed and its last lines; TIMED_OUT; DOCKER_FAILED
 */
export async function bringUpContainers(start: ContainerStart): Promise<void> {
  const { session, watch, services, waitTimeoutMs } = start;
  const { home, project } = session;
  const before = new Map(services.map((service) => [service, watch.find(service)?.id]));
  for (const service of services) home.emit({ type: "service", service, state: "preparing" });
  const orphans = start.removeOrphans ? ["--remove-orphans"] : [];
  await runCompose(session, ["create", ...orphans, "--", ...services], { timeoutMs: 3_600_000 });
  await watch.refresh();
  const replaced = new Set(
    services.filter((service) => before.get(service) !== undefined && before.get(service) !== watch.find(service)?.id),
  );
  const waiting = new Map<string, string>();
  const context: Context = { ...start, waiting, replaced };
  await startInOrder({
    project,
    services,
    waitTimeoutMs,
    waiting,
    clock: home.ports.clock,
    emit: home.emit,
    signal: home.signal,
    run: (service, ordered) => runService(context, service, ordered),
  });
}

async function runService(up: Context, service: string, { gates, begin, signal }: ServiceStart): Promise<void> {
  const { session, watch } = up;
  const role = session.topology.services[service];
  const ends = role?.oneShot === true || role?.mayEnd === true;
  const status = watch.status(service);
  begin();
  if (ends && status?.state === "exited" && status.exitCode === 0) {
    session.home.emit({ type: "service", service, state: "completed", detail: "done before" });
    for (const open of [gates.started, gates.healthy, gates.completed]) open();
    return;
  }
  const cause = restartsWith(session.project, service, up.replaced);
  const wasRunning = status?.state === "running" && cause === undefined;
  const before = session.home.ports.clock.now();
  if (!wasRunning) {
    session.home.emit({ type: "service", service, state: "starting" });
    await startContainer(up, service, { anew: status?.state === "running", signal });
  }
  gates.started();
  const ready: ReadyContext = { session, watch, ports: up.ports(), waiting: up.waiting, signal };
  const failure = (what: string): Promise<ToolError> =>
    containerFailure(up, service, what, wasRunning ? undefined : before);
  const hash = watch.status(service)?.hash ?? "";
  if (role?.oneShot === true) {
    const verify = (): Promise<void> => verifyMigration(session, ready.ports, role);
    await awaitJob(ready, role, { hash, since: before, failure, verify });
  } else await awaitReady(ready, service, { hash, wasRunning, before, failure });
  gates.healthy();
  gates.completed();
}

async function startContainer(
  { session, watch }: Context,
  service: string,
  { anew, signal }: { readonly anew: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const argv = anew
    ? ["restart", "--no-deps", "--", service]
    : ["up", "--detach", "--no-deps", "--no-recreate", "--no-build", "--", service];
  await runCompose(session, argv, { signal });
  await watch.refresh();
}

/**
 * How a service failed, with the lines of its container that say why. `before`: when its start was asked for here, epoch
 * milliseconds; undefined when it ran already. Exit code 1: the stack is at fault.
 */
async function containerFailure(
  { session, watch }: Context,
  service: string,
  what: string,
  before: number | undefined,
): Promise<ToolError> {
  const log = await readLog(session, watch.find(service), before);
  const otherMajor = otherDataMajor(service, log);
  return otherMajor ?? serviceFailure(service, what, log);
}

/** PostgreSQL's own words for a volume that another major made. */
function otherDataMajor(service: string, log: string): ToolError | undefined {
  const pattern = /initialized by PostgreSQL version (\d+), which is not compatible with this version (\d+)/;
  const [, made, now] = pattern.exec(log) ?? [];
  if (made === undefined || now === undefined) return undefined;
  return new ToolError(
    "POSTGRES_DATA_MAJOR",
    `The data of ${service} was made by PostgreSQL ${made}, and its image is PostgreSQL ${now}, which does not read it.`,
    {
      hint: `Start it as it was (image: postgres:${made}), then: bulkhead db backup && bulkhead down -v --no-backup\nThen with postgres:${now}: bulkhead db restore FILE`,
      exitCode: 1,
      detail: { service, made: Number(made), wanted: Number(now) },
    },
  );
}

/** The last lines of a container's run. A short one has printed its lines before the engine takes its start's time. */
async function readLog(
  session: DockerSession,
  container: Container | undefined,
  before: number | undefined,
): Promise<string> {
  if (container === undefined) return "";
  const startedAt = Date.parse(container.status.startedAt ?? "");
  const from = Math.min(...[startedAt, before ?? startedAt].filter((time) => !Number.isNaN(time)));
  const since = Number.isFinite(from) ? ["--since", new Date(from).toISOString()] : [];
  const argv = ["logs", ...since, "--tail", "500", container.id];
  const { stdout, stderr } = await session.cli.docker(argv, { timeoutMs: 10_000 });
  return `${stdout}\n${stderr}`;
}
