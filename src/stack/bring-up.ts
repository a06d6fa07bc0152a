import type { ToolError } from "../core/tool-error.ts";
import { prepareUnit, type PreparedUnit, type UnitPreparation } from "../engine/native/prepare-unit.ts";
import { awaitReady } from "./await-ready.ts";
import type { BringUpContext, BringUpRequest } from "./bring-up-context.ts";
import { endedBefore } from "./ended-before.ts";
import { runOwnCheck } from "./own-check.ts";
import { logSize, unitFailure } from "./unit-failure.ts";
import { restartsWith } from "./plan-waits.ts";
import { runJob } from "./run-job.ts";
import { startInOrder, type Gates } from "./start-in-order.ts";
import { seedDatabase } from "./seed-database.ts";

/**
 * Starts services, each as soon as what it waits for is met, and resolves when all are ready or completed. The first
 * failure ends the wait: ToolError STACK_FAILED with the service, exit code and the lines that say why; TIMED_OUT with what
 * each service was waiting for. What runs keeps running; an aborted signal stops what was started here.
 */
export async function bringUp(request: BringUpRequest): Promise<{ readonly started: readonly string[] }> {
  const { session, services, waitTimeoutMs } = request;
  const { home, project } = session;
  const waiting = new Map<string, string>();
  const checks: Promise<void>[] = [];
  const shared = { ...request, waiting, checks, started: [], replaced: new Set<string>(), seeding: new Map() };
  const units = new Map(services.map((service) => [service, prepare(request, service)]));
  for (const unit of units.values()) unit.catch(() => undefined);
  try {
    await startInOrder({
      project,
      services,
      waitTimeoutMs,
      waiting,
      clock: home.ports.clock,
      emit: home.emit,
      signal: home.signal,
      run: async (service, { gates, begin, signal }) => {
        const unit = await (units.get(service) ?? prepare(request, service));
        signal.throwIfAborted();
        begin();
        await runService({ ...shared, signal }, service, unit, gates);
      },
    });
    await Promise.all(checks);
    return { started: shared.started };
  } catch (error) {
    if (home.signal.aborted) await stopStarted(shared);
    throw error;
  }
}

async function prepare(up: BringUpRequest, service: string): Promise<PreparedUnit> {
  const { session, supplies, ports, sharedResources } = up;
  const context: UnitPreparation = {
    io: session.home.ports,
    project: session.project,
    topology: session.topology,
    layout: session.layout,
    supplies,
    ports,
    user: session.user,
    sharedResources,
    platform: session.home.ports.host.platform,
    emit: session.home.emit,
    signal: session.home.signal,
  };
  return prepareUnit(context, service);
}

async function runService(up: BringUpContext, service: string, unit: PreparedUnit, gates: Gates): Promise<void> {
  const { spec } = unit;
  const role = up.session.topology.services[service];
  if (role?.oneShot === true) await runJob(up, role, spec);
  if (role?.oneShot === true || (role?.mayEnd === true && (await endedBefore(up, service, spec)))) {
    for (const open of [gates.started, gates.healthy, gates.completed]) open();
    return;
  }
  const status = up.watch.status(service);
  const isUp = status?.state === "running" || status?.state === "starting";
  const cause = restartsWith(up.session.project, service, up.replaced);
  const wasRunning = isUp && status.hash === spec.hash && cause === undefined;
  const before = up.session.home.ports.clock.now();
  const seed = isUp || role === undefined ? undefined : await seedDatabase(up, role);
  // Before it starts: a unit may have said why and be gone when its start is answered.
  const logFrom = wasRunning ? 0 : await logSize(up.session.home.ports.files, spec.logFile);
  if (!wasRunning) {
    const why = cause === undefined ? {} : { detail: `starting anew with ${cause}` };
    up.session.home.emit({ type: "service", service, state: "starting", ...why });
    if (isUp && status.hash !== spec.hash) up.replaced.add(service);
    up.started.push(service);
    if (isUp && cause !== undefined) await up.client.stop(service, { signal: up.signal });
    await up.client.start(spec, up.signal);
  }
  gates.started();
  const failure = (what: string): Promise<ToolError> =>
    unitFailure(up.session.home.ports.files, { service, what, logFile: spec.logFile, logFrom });
  await awaitReady(up, service, { hash: spec.hash, wasRunning, before, failure });
  await seed?.keep();
  if (!wasRunning && up.runsOwnChecks) up.checks.push(runOwnCheck(up, service, unit));
  gates.healthy();
  gates.completed();
}

async function stopStarted(up: Pick<BringUpContext, "session" | "client" | "started">): Promise<void> {
  for (const service of up.started.toReversed()) {
    up.session.home.emit({ type: "service", service, state: "stopped", detail: "stopping" });
  }
  await Promise.allSettled(up.started.map((service) => up.client.stop(service)));
}
