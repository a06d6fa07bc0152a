import type { LogSource } from "../../diagnose/collect-sightings.ts";
import { openDockerSession } from "../../engine/docker/docker-session.ts";
import { readLogs } from "../../engine/docker/read-logs.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** The logs of a project's containers, service by service. Throws as `readLogs` does, when they are read. */
export async function openContainerLogs(
  context: ActionContext,
  options: ProjectOptions,
  { project, topology }: KnownStack,
  since: number | undefined,
): Promise<readonly LogSource[]> {
  const session = await openDockerSession({ ...context }, loadRequest(context, options), project, topology);
  return Object.keys(project.services).map((service) => ({
    name: service,
    service,
    chunks: bytesOf(readLogs(session, { services: [service], follow: false, since, tail: undefined })),
  }));
}

async function* bytesOf(lines: AsyncIterable<{ readonly line: string }>): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for await (const { line } of lines) yield encoder.encode(`${line}\n`);
}
