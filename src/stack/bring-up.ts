import { ToolError } from "../core/tool-error.ts";
import { prepareUnit, type PreparedUnit, type UnitPreparation } from "../engine/native/prepare-unit.ts";
import { awaitReady } from "./await-ready.ts";
import type { BringUpContext, BringUpRequest } from "./bring-up-context.ts";
import { endedBefore } from "./ended-before.ts";
import { runOwnCheck } from "./own-check.ts";
import { logSize } from "./unit-failure.ts";
import { planWaits, restartsWith, type Gate } from "./plan-waits.ts";
import { runJob } from "./run-job.ts";
import { seedDatabase } from "./seed-database.ts";

interface Gates {
  readonly started: Deferred;
  readonly healthy: Deferred;
  readonly completed: Deferred;
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/**
 * Starts services, each as soon as what it waits for is met, and resolves when all are ready or completed. The first
 * failure ends the wait: ToolError STACK_FAILED with the service, exit code and the lines that say why; TIMED_OUT with what
 * each service was waiting for. What runs keeps running; an aborted signal stops what was started here.
 */
export async function bringUp(request: BringUpRequest): Promise<{ readonly started: readonly string[] }> {
  const { session, services } = request;
  const ended = new AbortController();
  const signal = AbortSignal.any([session.home.signal, ended.signal]);
  const up: BringUpContext = {
    ...request,
    signal,
    started: [],
    replaced: new Set(),
    checks: [],
    waiting: new Map(),
    seeding: new Map(),
  };
  const gates = new Map<string, Gates>(
    services.map((service) => [service, { started: defer(), healthy: defer(), completed: defer() }]),
  );
  const taking = new Set(services);
  const limit = startLimit(up, ended);
  const units = new Map(services.map((service) => [service, prepare(up, service)]));
  for (const unit of units.values()) unit.catch(() => undefined);

  const runs = services.map(async (service) => {
    for (const wait of planWaits(session.project, service, taking)) {
      const gate = gates.get(wait.service)?.[wait.gate];
      if (gate === undefined) continue;
      announceWait(up, service, wait.service, wait.gate);
      await untilAborted(gate.promise, signal);
    }
    const unit = await (units.get(service) ?? prepare(up, service));
    signal.throwIfAborted();
    limit.begin();
    await runService(up, service, unit, gates.get(service));
    up.waiting.delete(service);
  });
  try {
    await Promise.all(runs);
    await Promise.all(up.checks);
    return { started: up.started };
  } catch (error) {
    ended.abort(error);
    await Promise.allSettled(runs);
    if (session.home.signal.aborted) await stopStarted(up);
    throw limit.expired() ? timedOut(up) : error;
  } finally {
    limit.end();
  }
}

async function prepare(up: BringUpContext, service: string): Promise<PreparedUnit> {
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

async function runService(
  up: BringUpContext,
  service: string,
  unit: PreparedUnit,
  gates: Gates | undefined,
): Promise<void> {
  const { spec } = unit;
  const role = up.session.topology.services[service];
  if (role?.oneShot === true) await runJob(up, role, spec);
  if (role?.oneShot === true || (role?.mayEnd === true && (await endedBefore(up, service, spec)))) {
    for (const gate of [gates?.started, gates?.healthy, gates?.completed]) gate?.resolve();
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
  gates?.started.resolve();
  await awaitReady(up, service, { spec, wasRunning, before, logFrom });
  await seed?.keep();
  if (!wasRunning && up.runsOwnChecks) up.checks.push(runOwnCheck(up, service, unit));
  gates?.healthy.resolve();
  gates?.completed.resolve();
}

function announceWait(up: BringUpContext, service: string, other: string, gate: Gate): void {
  const what =
    gate === "completed" ? `${other} to complete` : gate === "healthy" ? `${other} to be ready` : `${other} to start`;
  up.waiting.set(service, what);
  up.session.home.emit({ type: "service", service, state: "waiting", detail: what });
}

/** The wait limit counts from the first unit's start, not from downloads. */
function startLimit(
  up: BringUpContext,
  ended: AbortController,
): { begin: () => void; end: () => void; expired: () => boolean } {
  let begun = false;
  let expired = false;
  const stop = new AbortController();
  return {
    begin: () => {
      if (begun) return;
      begun = true;
      up.session.home.ports.clock.sleep(up.waitTimeoutMs, stop.signal).then(
        () => {
          expired = true;
          ended.abort(new Error("wait limit"));
        },
        () => undefined,
      );
    },
    end: () => stop.abort(),
    expired: () => expired,
  };
}

function timedOut(up: BringUpContext): ToolError {
  const waiting = [...up.waiting].map(([service, what]) => `  ${service}: ${what}`).join("\n");
  const first = [...up.waiting.keys()][0] ?? "";
  return new ToolError(
    "TIMED_OUT",
    `Not everything was ready after ${Math.round(up.waitTimeoutMs / 1000)} s:\n${waiting}`,
    {
      hint: `bulkhead logs ${first}\nbulkhead down\nWhat runs keeps running; a longer limit: bulkhead up --wait-timeout 600`,
      exitCode: 1,
      detail: { waiting: Object.fromEntries(up.waiting) },
    },
  );
}

async function stopStarted(up: BringUpContext): Promise<void> {
  for (const service of up.started.toReversed()) {
    up.session.home.emit({ type: "service", service, state: "stopped", detail: "stopping" });
  }
  await Promise.allSettled(up.started.map((service) => up.client.stop(service)));
}

function defer(): Deferred {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
  });
}
