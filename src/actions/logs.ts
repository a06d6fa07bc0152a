import { join } from "node:path";

import { assertServices } from "./assert-services.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openSession } from "./open-project.ts";
import { followFile } from "../stack/follow-file.ts";

export interface LogsOptions {
  readonly services: readonly string[];
  readonly follow: boolean;
  /** `10m`, `2h` or an ISO time: lines of log files written since; see log-times.ts. */
  readonly since?: string;
  /** Last lines of each service; all when left out. */
  readonly tail?: number;
}

/** What the applications wrote, service by service; with `follow`, then every new line as it comes, until aborted. */
export async function* logs(
  context: ActionContext,
  options: ProjectOptions,
  wanted: LogsOptions,
): AsyncGenerator<{ service: string; line: string }, void, undefined> {
  const session = await openSession(context, options);
  assertServices(session.project, wanted.services);
  const services = wanted.services.length > 0 ? wanted.services : Object.keys(session.project.services);
  const { files } = context.ports;
  const ends = new Map<string, number>();
  for (const service of services) {
    const path = join(session.layout.logs, `${service}.log`);
    const bytes = (await files.exists(path)) ? await files.readBytes(path) : new Uint8Array();
    const lastNewline = bytes.lastIndexOf(10) + 1;
    const complete = wanted.follow ? lastNewline : bytes.length;
    ends.set(service, complete);
    const text = new TextDecoder().decode(bytes.subarray(0, complete));
    const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    for (const line of wanted.tail === undefined ? lines : wanted.tail === 0 ? [] : lines.slice(-wanted.tail))
      yield { service, line };
  }
  if (wanted.follow)
    yield* followFile(
      context.ports,
      services.map((service) => ({
        service,
        path: join(session.layout.logs, `${service}.log`),
        from: ends.get(service) ?? 0,
      })),
      context.signal,
    );
}
