import { createStatusBoard, type StatusBoard } from "../engine/status-board.ts";
import type { SupervisorClient } from "../engine/native/supervisor/client.ts";
import type { UnitStatus } from "../engine/native/unit.ts";

/** The newest status of every unit, kept by the supervisor's own notices: nothing is polled. */
export interface UnitWatch {
  status(service: string): UnitStatus | undefined;
  readonly until: StatusBoard["until"];
  /** Asks for all statuses anew: a notice tells a change of state, not that a pid became known. */
  refresh(): Promise<void>;
  close(): void;
}

/** Starts watching. The first statuses are there when it resolves. */
export async function watchUnits(client: SupervisorClient): Promise<UnitWatch> {
  const known = new Map<string, UnitStatus>((await client.status()).map((status) => [status.service, status]));
  const board = createStatusBoard((service) => known.get(service));
  const ended = new AbortController();
  const reading = (async () => {
    for await (const status of client.watch(ended.signal)) {
      if (status.gone === true) known.delete(status.service);
      else known.set(status.service, status);
      board.changed();
    }
  })();
  reading.catch((error: unknown) => board.failed(error));

  return {
    status: (service) => known.get(service),
    close: () => ended.abort(),
    refresh: async () => {
      for (const status of await client.status()) known.set(status.service, status);
    },
    until: board.until,
  };
}

/** The unit has ended and nothing will start it again. */
export function isOver(status: UnitStatus): boolean {
  return status.state === "exited" || status.state === "crash-loop" || status.state === "stopped";
}

/** The status tells of a start (or of an end) at or after `since`, epoch milliseconds: not of an earlier run. */
export function isSince(status: UnitStatus, since: number): boolean {
  return [status.startedAt, status.endedAt].some((time) => Date.parse(time ?? "") >= since);
}
