import { join } from "node:path";

import { maskPasswords } from "../core/mask-passwords.ts";
import { followFile } from "../stack/follow-file.ts";
import { findSince, parseRunMarks } from "../stack/run-marks.ts";
import { assertServices } from "./assert-services.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";
import { readSince } from "./read-since.ts";

export interface LogsOptions {
  readonly services: readonly string[];
  readonly follow: boolean;
  /** `10m`, `2h`, an ISO time or epoch seconds; which lines are since then: `findSince`. */
  readonly since?: string;
  /** Last lines of each service; all when left out. */
  readonly tail?: number;
}

/**
 * What the applications wrote, service by service; with `follow`, then every new line as it comes, until aborted. Throws
 * ToolError COMMAND_USAGE for a `since` that is no time.
 */
export async function* logs(
  context: ActionContext,
  options: ProjectOptions,
  wanted: LogsOptions,
): AsyncGenerator<{ service: string; line: string }, void, undefined> {
  const session = await openEngineSession(context, options);
  assertServices(session.project, wanted.services);
  const { files, clock } = context.ports;
  const since = readSince(wanted.since, clock.now(), "logs");
  const services = wanted.services.length > 0 ? wanted.services : Object.keys(session.project.services);
  if (session.engine === "docker") {
    const { readLogs } = await import("../engine/docker/read-logs.ts");
    const { follow, tail } = wanted;
    for await (const { service, line } of readLogs(session, { services, follow, since, tail }))
      yield { service, line: maskPasswords(line) };
    return;
  }
  const followed: { service: string; path: string; from: number }[] = [];
  for (const service of services) {
    const path = join(session.layout.logs, `${service}.log`);
    const bytes = (await files.exists(path)) ? await files.readBytes(path) : new Uint8Array();
    // A line that is still being written is told when it is complete.
    const end = wanted.follow ? bytes.lastIndexOf(10) + 1 : bytes.length;
    followed.push({ service, path, from: end });
    const marks = parseRunMarks((await files.readTextIfPresent(join(session.layout.logs, `${service}.times`))) ?? "");
    const start = since === undefined ? 0 : findSince(bytes.subarray(0, end), marks, since);
    const text = new TextDecoder().decode(bytes.subarray(start, end));
    const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    for (const line of wanted.tail === undefined ? lines : wanted.tail === 0 ? [] : lines.slice(-wanted.tail)) {
      yield { service, line: maskPasswords(line) };
    }
  }
  if (!wanted.follow) return;
  for await (const { service, line } of followFile(context.ports, followed, context.signal)) {
    yield { service, line: maskPasswords(line) };
  }
}
