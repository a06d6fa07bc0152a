import { ToolError } from "../../core/tool-error.ts";
import type { DockerSession } from "../../engine/docker/docker-session.ts";
import type { NativeSession } from "../../engine/native/native-session.ts";
import type { OwnerId } from "../../postgres/database-verdict.ts";
import type { SplitProject } from "../../postgres/split/split-context.ts";
import { dataDirectoryOf } from "../../stack/data-directory-of.ts";
import { listRunning } from "../../stack/list-running.ts";
import { openService } from "../../stack/open-service.ts";
import { withDependencies } from "../../stack/plan-waits.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { openEngineSession } from "../open-project.ts";
import { startServices } from "../start-services.ts";
import { stopServices } from "../stop-services.ts";

/** As long as a start from nothing may take. */
const waitTimeoutMs = 600_000;

/**
 * A project under the engine that runs it, as a split needs it. It is loaded anew for each question: the split edits its
 * files. The caller holds the project's lock.
 */
export function createSplitProject(context: ActionContext, options: ProjectOptions): SplitProject {
  const open = (signal: AbortSignal): ReturnType<typeof reopenSession> =>
    reopenSession({ ...context, signal }, options);
  return {
    running: async (services) => {
      const running = await listRunning(await open(context.signal));
      return services.filter((service) => running.includes(service));
    },
    stop: async (services, signal) => stopServices(await open(signal), { services }),
    start: async (services, signal) => start(await open(signal), services, signal),
    startAgain: async (services, signal) => {
      const session = await open(signal);
      for (const service of services) {
        try {
          await start(session, [service], signal);
        } catch (error) {
          signal.throwIfAborted();
          const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
          context.emit({
            type: "warning",
            service,
            message: `${service} does not start again: ${reason}`,
            hint: "bulkhead up",
          });
        }
      }
    },
    discard: async (services, signal) => discard(await open(signal), services),
    ask: async (part, signal) => ask(await open(signal), part, signal),
  };

  async function start(
    session: NativeSession | DockerSession,
    services: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const taking = withDependencies(session.project, services);
    const wanted = { waitTimeoutMs, autoPorts: session.engine === "native", removeOrphans: false };
    await startServices({ ...context, signal }, session, options, taking, wanted);
  }
}

/** The project as its files are now. What there is to say of them was said when the command began. */
export function reopenSession(context: ActionContext, options: ProjectOptions): Promise<NativeSession | DockerSession> {
  const emit: ActionContext["emit"] = (event) => {
    if (event.type !== "warning") context.emit(event);
  };
  return openEngineSession({ ...context, emit }, options);
}

async function discard(session: NativeSession | DockerSession, services: readonly string[]): Promise<void> {
  if (session.engine === "docker") {
    const { discardContainers } = await import("../docker/discard-containers.ts");
    return discardContainers(session, services);
  }
  await stopServices(session, { services, forget: true });
  for (const service of services) {
    const server = session.topology.servers.find((one) => one.service === service);
    const directory = server && dataDirectoryOf(session, server);
    if (directory !== undefined) await session.home.ports.files.remove(directory);
  }
}

/**
 * Airflow is asked by its own `db check-migrations`, with the program and the environment of one of its services. MLflow's
 * server is started only when its store has answered: that it runs is its answer.
 */
async function ask(session: NativeSession | DockerSession, part: OwnerId, signal: AbortSignal): Promise<string> {
  const product = part === "airflow" ? "airflow" : "mlflow";
  const running = await listRunning(session);
  const services = session.topology.apps.filter((app) => app.product === product).flatMap((app) => app.services);
  const service = services.find((one) => running.includes(one) && session.topology.services[one]?.product === product);
  const inside = service === undefined ? undefined : await openService(session, service);
  if (inside === undefined) return "does not run";
  if (product === "mlflow") return "its server reads the store";
  const { exitCode, stdout, stderr } = await inside.run({
    argv: ["airflow", "db", "check-migrations", "--migration-wait-timeout", "5"],
    env: {},
    timeoutMs: 120_000,
    signal,
  });
  signal.throwIfAborted();
  if (exitCode === 0) return "airflow db check-migrations: its database is migrated";
  const last = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
  throw new ToolError("STACK_FAILED", `Airflow does not take its database for its own: ${last}`, {
    hint: `bulkhead logs ${service}`,
    exitCode: 1,
  });
}
