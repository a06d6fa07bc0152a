import { ToolError } from "../core/tool-error.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import type { Session } from "../engine/session.ts";
import type { UnitStatus } from "../engine/native/unit.ts";
import { notYet } from "../probe/probe-outcome.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { writeJobRecord } from "./job-record.ts";
import { readinessProbe } from "./readiness.ts";
import { reuseSession } from "./reuse-session.ts";
import { isOver, isSince, type UnitWatch } from "./unit-watch.ts";

/** Between two questions to a part that is not ready yet: fast at first, so that nobody waits on a poll. */
const pollMs = 150;
const slowPollMs = 500;
const fastForMs = 60_000;

/** What a wait looks at, whichever engine runs the service. */
export interface ReadyContext {
  readonly session: Session;
  readonly watch: Pick<UnitWatch, "status" | "until">;
  readonly ports: PortTable;
  /** What each service waits for now. */
  readonly waiting: Map<string, string>;
  readonly signal: AbortSignal;
}

/**
 * Waits until a long-running service works. Its unit's end ends the wait at once with its last words, unless a restart
 * policy will start it again; then a crash loop does. A probe's fault ends it too. A program that may end is done when
 * it ends with 0.
 */
export async function awaitReady(
  up: ReadyContext,
  service: string,
  start: {
    /** Of its definition: another hash is another run. */
    readonly hash: string;
    readonly wasRunning: boolean;
    readonly before: number;
    /** Its failure as an error with its last words. `what`: `exited with code 1`, `runs, but: ...`. */
    readonly failure: (what: string) => Promise<ToolError>;
  },
): Promise<void> {
  const { session, watch, ports } = up;
  const { clock } = session.home.ports;
  const role = session.topology.services[service];
  if (role === undefined) return;
  const sql = reuseSession(session.home.ports.sql);
  const probe = readinessProbe(session, ports, role, sql);
  /** When the run began that is there now: a restart policy may have begun it after ours. */
  const since = (): number => {
    const startedAt = Date.parse(watch.status(service)?.startedAt ?? "") || 0;
    return start.wasRunning ? startedAt : Math.max(start.before, startedAt);
  };
  const isBetweenRuns = (): boolean => {
    const status = watch.status(service);
    if (status?.hash !== start.hash) return false;
    return status.state === "backing-off" || (status.state === "starting" && status.restarts > 0);
  };
  const stop = new AbortController();
  const signal = AbortSignal.any([up.signal, stop.signal]);
  // The newest known status may still be that of an earlier run with the same definition.
  const death = watch.until(
    service,
    (status) => status.hash === start.hash && isOver(status) && (start.wasRunning || isSince(status, start.before)),
    signal,
  );
  death.catch(() => undefined);
  const died = death.then(async (status) => {
    if (role.mayEnd && status.exitCode === 0) return completed(up, service, status.hash);
    const code = status.exitCode === undefined ? "" : ` with code ${status.exitCode}`;
    const what = status.state === "crash-loop" ? `keeps exiting${code} (${status.restarts} restarts)` : `exited${code}`;
    session.home.emit({
      type: "service",
      service,
      state: status.state === "crash-loop" ? "crash-loop" : "exited",
      detail: what,
    });
    throw await start.failure(what);
  });
  died.catch(() => undefined);

  const poll = async (): Promise<void> => {
    up.waiting.set(service, "its first answer");
    for (;;) {
      const asked = isBetweenRuns() ? notYet(betweenRuns(watch.status(service))) : await probe(since(), signal);
      // It may have ended while it was asked.
      const outcome = asked.state === "fine" && isBetweenRuns() ? notYet(betweenRuns(watch.status(service))) : asked;
      if (outcome.state === "fine") {
        const seconds = start.wasRunning ? undefined : (clock.now() - start.before) / 1000;
        session.home.emit({
          type: "service",
          service,
          state: "ready",
          detail: outcome.detail,
          ...(seconds === undefined ? {} : { seconds }),
        });
        return;
      }
      if (outcome.state === "fault") {
        if (outcome.cause !== "password") throw await start.failure(`runs, but: ${outcome.reason}`);
        const server = session.topology.servers.find((one) => one.service === service);
        throw refusedPassword(server, service, outcome.reason);
      }
      // What was being asked when the limit came says nothing; what is known from before does.
      signal.throwIfAborted();
      up.waiting.set(service, outcome.reason);
      await clock.sleep(clock.now() - start.before < fastForMs ? pollMs : slowPollMs, signal);
    }
  };
  try {
    await Promise.race([poll(), died]);
  } finally {
    stop.abort();
    await sql.end();
  }
}

async function completed({ session }: ReadyContext, service: string, hash: string): Promise<void> {
  await writeJobRecord(session, service, { hash, how: "ran" });
  session.home.emit({ type: "service", service, state: "completed", detail: "done" });
}

function betweenRuns(status: UnitStatus | undefined): string {
  return `its next start after exit code ${status?.exitCode ?? "unknown"}`;
}

function refusedPassword(server: DatabaseServer | undefined, service: string, reason: string): ToolError {
  const written = server?.passwordIn === undefined ? "" : ` (${server.passwordIn})`;
  const login = `-U ${server?.superuser ?? "postgres"} -d ${server?.database ?? "postgres"}`;
  return new ToolError(
    "PASSWORD_CHANGED",
    `${service} refuses the password that the file gives${written}: ${reason}. A volume keeps the password it was made with.`,
    {
      hint: `Put the old password back, or set the new one in the running server: bulkhead exec ${service} psql ${login} -c '\\password'`,
      exitCode: 1,
      detail: { service },
    },
  );
}
