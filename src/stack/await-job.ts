import type { ToolError } from "../core/tool-error.ts";
import type { UnitStatus } from "../engine/native/unit.ts";
import type { ServiceRole } from "../topology/topology.ts";
import type { ReadyContext } from "./await-ready.ts";
import { writeJobRecord } from "./job-record.ts";
import { isOver, isSince } from "./unit-watch.ts";

/**
 * Waits for a one-shot's end, whichever engine runs it; its exit code decides. A job that did well is remembered, so that
 * it is not run again for nothing.
 *
 * @throws what `failure` gives for an exit code, and what `verify` throws
 */
export async function awaitJob(
  up: Omit<ReadyContext, "ports">,
  { service, component }: ServiceRole,
  job: {
    /** Of its definition: another hash is another run. */
    readonly hash: string;
    /** When its start was asked for, epoch milliseconds: the status of an earlier run is still known. */
    readonly since: number;
    /** Starts it, where that was not done before; gives its status then. */
    readonly start?: () => Promise<UnitStatus>;
    /** Its end as an error with its last words. `what`: `exited with code 1`. */
    readonly failure: (what: string) => Promise<ToolError>;
    /** What has to hold, or to be done, before an exit with 0 counts. */
    readonly verify: () => Promise<void>;
  },
): Promise<void> {
  const { session, watch } = up;
  const { emit, ports } = session.home;
  const detail = component?.id === "migration" ? "migrating" : "running";
  emit({ type: "service", service, state: "running", detail });
  up.waiting.set(service, "its own end");
  const isItsEnd = (status: UnitStatus): boolean =>
    status.hash === job.hash && isOver(status) && isSince(status, job.since - 1);
  const started = await job.start?.();
  const status = started !== undefined && isItsEnd(started) ? started : await watch.until(service, isItsEnd, up.signal);
  if (status.exitCode !== 0) {
    const what = `exited with code ${status.exitCode ?? "unknown"}`;
    emit({ type: "service", service, state: "exited", detail: what });
    throw await job.failure(what);
  }
  await job.verify();
  await writeJobRecord(session, service, { hash: job.hash, how: "ran" });
  const seconds = (ports.clock.now() - job.since) / 1000;
  emit({ type: "service", service, state: "completed", detail: "done", seconds });
}
