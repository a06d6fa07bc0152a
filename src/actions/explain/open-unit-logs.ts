import { join } from "node:path";
import type { LogSource } from "../../diagnose/collect-sightings.ts";
import { openNativeSession, recordedPorts, type NativeSession } from "../../engine/native/native-session.ts";
import { parseRunMarks, type RunMark } from "../../stack/run-marks.ts";
import type { ActionContext } from "../context.ts";
import { containerAddresses } from "./container-addresses.ts";
import type { StackLogsWanted } from "./open-stack-logs.ts";
import { readLog } from "./read-log.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** A restart policy waits 30 s at most (supervisor/transition.ts). */
const LONGEST_RESTART_MS = 35_000;

/** Bytes of each, where only the end is wanted. */
const fewBytes = 16 * 1024 * 1024;

/**
 * The logs of a project's services as its units wrote them: of the last run of each, or with `since` of all runs that had
 * not ended then.
 */
export async function openUnitLogs(
  context: ActionContext,
  stack: KnownStack,
  { since, isShort }: StackLogsWanted,
): Promise<readonly LogSource[]> {
  const session = await openNativeSession({ ...context }, stack.project, stack.topology);
  const mostBytes = isShort ? fewBytes : Number.POSITIVE_INFINITY;
  const sources = await Promise.all(
    Object.keys(stack.project.services).map((service) => openUnitLog(context, session, service, { since, mostBytes })),
  );
  return sources.flatMap((source) => source ?? []);
}

async function openUnitLog(
  context: ActionContext,
  session: NativeSession,
  service: string,
  { since, mostBytes }: { readonly since: number | undefined; readonly mostBytes: number },
): Promise<LogSource | undefined> {
  const { files } = context.ports;
  const path = join(session.layout.logs, `${service}.log`);
  const facts = await files.stat(path);
  if (facts === undefined) return undefined;
  const marks = parseRunMarks((await files.readTextIfPresent(join(session.layout.logs, `${service}.times`))) ?? "");
  const from = since === undefined ? lastStart(marks) : firstByteSince(marks, since);
  return {
    name: service,
    service,
    // It runs on this machine.
    zone: "local",
    chunks: readLog(context, path, Math.max(from, facts.size - mostBytes)),
    rewrite: containerAddresses(session, session.record === undefined ? {} : recordedPorts(session), service),
  };
}

/**
 * Where the last run begins, with those before it that a restart policy made: what an earlier one died of may be mended,
 * and of a crash loop the last run has hardly begun.
 */
function lastStart(marks: readonly RunMark[]): number {
  const starts = marks.flatMap(({ event }, at) => (event === "start" ? [at] : []));
  const first = starts.findLast((at) => {
    const [start, before] = [marks[at], marks[at - 1]];
    return start === undefined || before === undefined || start.at - before.at > LONGEST_RESTART_MS;
  });
  return first === undefined ? 0 : (marks[first]?.bytes ?? 0);
}

/** Where the first run begins that had not ended then. */
function firstByteSince(marks: readonly RunMark[], since: number): number {
  const ended = marks.findLastIndex(({ event, at }) => event === "exit" && at < since);
  return marks.slice(ended + 1).find(({ event }) => event === "start")?.bytes ?? 0;
}
