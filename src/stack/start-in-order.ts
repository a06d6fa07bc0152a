import type { Project } from "../compose/project.ts";
import type { Emit } from "../core/event.ts";
import { ToolError } from "../core/tool-error.ts";
import type { Clock } from "../ports/clock.ts";
import { planWaits, type Gate } from "./plan-waits.ts";

/** Opened by a service's own start, for those that wait for it. */
export interface Gates {
  readonly started: () => void;
  readonly healthy: () => void;
  readonly completed: () => void;
}

export interface OrderedStart {
  readonly project: Project;
  /** Services that take part, dependencies included. */
  readonly services: readonly string[];
  /** Counted from the first service's start, not from downloads. */
  readonly waitTimeoutMs: number;
  readonly clock: Clock;
  readonly emit: Emit;
  /** The caller's: aborting it ends everything. */
  readonly signal: AbortSignal;
  /** What each service waits for now, for the message of a timeout; `run` may write there too. */
  readonly waiting: Map<string, string>;
  /** Called when everything that a service waits for is met. It calls `begin` before it starts something. */
  readonly run: (service: string, start: ServiceStart) => Promise<void>;
}

export interface ServiceStart {
  readonly gates: Gates;
  /** The limit begins to count with the first call. */
  readonly begin: () => void;
  /** Aborted when the whole is: by the caller, another service's failure or the limit. */
  readonly signal: AbortSignal;
}

/**
 * Runs every service's start as soon as what it waits for is met, and resolves when all have. The first failure ends the
 * others and is thrown when they have ended; TIMED_OUT with what each service was waiting for when the limit was over.
 */
export async function startInOrder(order: OrderedStart): Promise<void> {
  const { project, services, waiting } = order;
  const ended = new AbortController();
  const signal = AbortSignal.any([order.signal, ended.signal]);
  const opened = new Map(services.map((service) => [service, openGates()]));
  const taking = new Set(services);
  const limit = startLimit(order, ended);
  const runs = services.map(async (service) => {
    for (const wait of planWaits(project, service, taking)) {
      const gate = opened.get(wait.service)?.promises[wait.gate];
      if (gate === undefined) continue;
      announceWait(order, service, wait.service, wait.gate);
      await untilAborted(gate, signal);
    }
    const gates = opened.get(service)?.gates;
    if (gates === undefined) return;
    waiting.set(service, "its own start");
    await order.run(service, { gates, begin: limit.begin, signal });
    waiting.delete(service);
  });
  try {
    await Promise.all(runs);
  } catch (error) {
    ended.abort(error);
    await Promise.allSettled(runs);
    throw limit.expired() ? timedOut(order) : error;
  } finally {
    limit.end();
  }
}

function openGates(): { readonly gates: Gates; readonly promises: Readonly<Record<Gate, Promise<void>>> } {
  const [started, healthy, completed] = [defer(), defer(), defer()];
  return {
    gates: { started: started.resolve, healthy: healthy.resolve, completed: completed.resolve },
    promises: { started: started.promise, healthy: healthy.promise, completed: completed.promise },
  };
}

function announceWait({ waiting, emit }: OrderedStart, service: string, other: string, gate: Gate): void {
  const what =
    gate === "completed" ? `${other} to complete` : gate === "healthy" ? `${other} to be ready` : `${other} to start`;
  waiting.set(service, what);
  emit({ type: "service", service, state: "waiting", detail: what });
}

function startLimit(
  { clock, waitTimeoutMs }: OrderedStart,
  ended: AbortController,
): { begin: () => void; end: () => void; expired: () => boolean } {
  let begun = false;
  let expired = false;
  const stop = new AbortController();
  return {
    begin: () => {
      if (begun) return;
      begun = true;
      clock.sleep(waitTimeoutMs, stop.signal).then(
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

function timedOut({ waiting, waitTimeoutMs }: OrderedStart): ToolError {
  const lines = [...waiting].map(([service, what]) => `  ${service}: ${what}`).join("\n");
  const first = [...waiting.keys()][0] ?? "";
  return new ToolError("TIMED_OUT", `Not everything was ready after ${Math.round(waitTimeoutMs / 1000)} s:\n${lines}`, {
    hint: `bulkhead logs ${first}\nbulkhead down\nWhat runs keeps running; a longer limit: bulkhead up --wait-timeout 600`,
    exitCode: 1,
    detail: { waiting: Object.fromEntries(waiting) },
  });
}

function defer(): { readonly promise: Promise<void>; readonly resolve: () => void } {
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
