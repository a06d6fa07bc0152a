import type { LogSource } from "../../diagnose/collect-sightings.ts";
import { openDockerSession } from "../../engine/docker/docker-session.ts";
import { readLogs } from "../../engine/docker/read-logs.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";
import type { StackLogsWanted } from "./open-stack-logs.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** Lines of each, where only the end is wanted. */
const fewLines = 20_000;

/**
 * The logs of a project's containers, service by service: of the last run of each, with the runs before it that its restart
 * policy ended, or all since `since`. Each line has the time at which Docker took it. Throws as `readLogs` does, when they
 * are read.
 */
export async function openContainerLogs(
  context: ActionContext,
  options: ProjectOptions,
  { project, topology }: KnownStack,
  { since, isShort }: StackLogsWanted,
): Promise<readonly LogSource[]> {
  const session = await openDockerSession({ ...context }, loadRequest(context, options), project, topology);
  const started = (await session.look()).filter(({ status }) => status.startedAt !== undefined);
  return Object.keys(project.services).flatMap((service) => {
    const container = started.find((one) => one.service === service);
    if (container === undefined) return [];
    const wanted = {
      services: [service],
      follow: false,
      since: since ?? container.lastRunFrom,
      tail: isShort ? fewLines : undefined,
      timestamps: true,
    };
    return [{ name: service, service, chunks: bytesOf(readLogs(session, wanted)) }];
  });
}

async function* bytesOf(lines: AsyncIterable<{ readonly line: string }>): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for await (const { line } of lines) yield encoder.encode(`${line}\n`);
}
