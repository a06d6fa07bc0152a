import { ToolError } from "../../core/tool-error.ts";
import { findSupervisor, type NativeSession } from "../../engine/native/native-session.ts";
import { loadUnitSpec } from "../../engine/native/load-unit-spec.ts";
import { planMounts } from "../../engine/native/plan-mounts.ts";
import { findDataDirectory } from "../../engine/native/prepare-unit.ts";
import type { OwnerId } from "../../postgres/database-verdict.ts";
import type { SplitProject } from "../../postgres/split/split-context.ts";
import { stopOrder, withDependencies } from "../../stack/plan-waits.ts";
import { isOver } from "../../stack/unit-watch.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { openSession } from "../open-project.ts";
import { startServices } from "../start-services.ts";

/** As long as a start from nothing may take. */
const waitTimeoutMs = 600_000;

/**
 * A project under the native engine, as a split needs it. It is loaded anew for each question: the split edits its files.
 * The caller holds the project's lock.
 */
export function createSplitProject(context: ActionContext, options: ProjectOptions): SplitProject {
  const open = (): Promise<NativeSession> => reopenSession(context, options);
  return {
    running: async (services) => {
      const running = await runningOf(await open(), context.signal);
      return services.filter((service) => running.has(service));
    },
    stop: async (services, signal) => stopServices(context, await open(), services, signal),
    start: async (services, signal) => start(await open(), services, signal),
    startAgain: async (services, signal) => {
      const session = await open();
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
    discard: async (services, signal) => {
      const session = await open();
      await stopServices(context, session, services, signal, { forget: true });
      for (const service of services) {
        const server = session.topology.servers.find((one) => one.service === service);
        const role = session.topology.services[service];
        if (server === undefined || role === undefined) continue;
        const mounts = planMounts(session.project, role, session.layout);
        await context.ports.files.remove(findDataDirectory(mounts, role, server.major));
      }
    },
    ask: async (part, signal) => ask(context, await open(), part, signal),
  };

  async function start(session: NativeSession, services: readonly string[], signal: AbortSignal): Promise<void> {
    const taking = withDependencies(session.project, services);
    const wanted = { waitTimeoutMs, autoPorts: true, removeOrphans: false };
    await startServices({ ...context, signal }, session, options, taking, wanted);
  }
}

/** The project as its files are now. What there is to say of them was said when the command began. */
export function reopenSession(context: ActionContext, options: ProjectOptions): Promise<NativeSession> {
  const emit: ActionContext["emit"] = (event) => {
    if (event.type !== "warning") context.emit(event);
  };
  return openSession({ ...context, emit }, options);
}

export async function runningOf(session: NativeSession, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const client = await findSupervisor(session);
  try {
    const statuses = (await client?.status(signal)) ?? [];
    return new Set(statuses.filter((status) => !isOver(status)).map(({ service }) => service));
  } finally {
    client?.close();
  }
}

async function stopServices(
  context: ActionContext,
  session: NativeSession,
  services: readonly string[],
  signal: AbortSignal,
  options: { readonly forget?: boolean } = {},
): Promise<void> {
  const running = await runningOf(session, signal);
  const client = await findSupervisor(session);
  try {
    for (const wave of stopOrder(
      session.project,
      services.filter((service) => running.has(service)),
    )) {
      await Promise.all(
        wave.map(async (service) => {
          await client?.stop(service, { ...options, signal });
          context.emit({ type: "service", service, state: "stopped" });
        }),
      );
    }
  } finally {
    client?.close();
  }
}

/**
 * Airflow is asked by its own `db check-migrations`, with the program and the environment of one of its units. MLflow's
 * server is started only when its store has answered: that it runs is its answer.
 */
async function ask(
  { ports }: ActionContext,
  session: NativeSession,
  part: OwnerId,
  signal: AbortSignal,
): Promise<string> {
  const product = part === "airflow" ? "airflow" : "mlflow";
  const running = await runningOf(session, signal);
  const services = session.topology.apps.filter((app) => app.product === product).flatMap((app) => app.services);
  const service = services.find((one) => running.has(one) && session.topology.services[one]?.product === product);
  const spec = service === undefined ? undefined : await loadUnitSpec(session, service);
  if (spec === undefined) return "does not run";
  if (product === "mlflow") return "its server reads the store";
  const { exitCode, stdout, stderr } = await ports.processes.run({
    argv: ["airflow", "db", "check-migrations", "--migration-wait-timeout", "5"],
    cwd: spec.cwd,
    env: spec.env,
    ...(spec.owner === undefined ? {} : { owner: spec.owner }),
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
