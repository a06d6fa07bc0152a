import type { UnitSpec } from "../engine/native/unit.ts";
import type { BringUpContext } from "./bring-up-context.ts";
import { loadJobRecord } from "./job-record.ts";

/** Whether a program that may end did so with 0 and this definition, while a command waited for it or later. */
export async function endedBefore(up: BringUpContext, service: string, { hash }: UnitSpec): Promise<boolean> {
  const status = up.watch.status(service);
  const isIdle = status === undefined || status.state === "stopped";
  const ended = isIdle
    ? (await loadJobRecord(up.session, service))?.hash === hash
    : status.state === "exited" && status.hash === hash && status.exitCode === 0;
  if (ended) up.session.home.emit({ type: "service", service, state: "completed", detail: "done before" });
  return ended;
}
