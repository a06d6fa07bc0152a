import type { DatabaseServer } from "../../topology/topology.ts";
import type { DoctorAnswer, DoctorQuestion } from "./doctor-check.ts";
import { isRunning, type StackPlace } from "./doctor-place.ts";

/** One question to each PostgreSQL server of a project that runs. */
export function askServers(
  stack: StackPlace | undefined,
  ask: (stack: StackPlace, server: DatabaseServer, signal: AbortSignal) => Promise<DoctorAnswer>,
): readonly DoctorQuestion[] {
  if (stack === undefined) return [];
  return stack.session.topology.servers.map((server) => ({
    subject: server.service,
    ask: async (signal) => (isRunning(stack, server.service) ? ask(stack, server, signal) : notRunning(server.service)),
  }));
}

/** The same, of those that run only: for what is told of a process that is there. */
export function askRunningServers(
  stack: StackPlace | undefined,
  ask: (stack: StackPlace, server: DatabaseServer, signal: AbortSignal) => Promise<DoctorAnswer>,
): readonly DoctorQuestion[] {
  return askServers(stack, ask).filter(({ subject }) => stack !== undefined && isRunning(stack, subject ?? ""));
}

/** Nothing can be told of what does not run; that it does not is the check `services`' to judge. */
export function notRunning(service: string): DoctorAnswer {
  return { outcome: "unknown", fact: `${service} does not run` };
}

/** The same of an app of which no service runs. */
export function nothingRuns(app: string): DoctorAnswer {
  return { outcome: "unknown", fact: `no service of ${app} runs` };
}
