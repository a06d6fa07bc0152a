import type { Duplex } from "node:stream";

import { dockerFailure } from "./docker-failure.ts";
import type { DockerSession } from "./docker-session.ts";

/** Which lines of which services are wanted. */
export interface LogsWanted {
  readonly services: readonly string[];
  readonly follow: boolean;
  /** Epoch milliseconds. */
  readonly since: number | undefined;
  /** Last lines of each service; all when undefined. */
  readonly tail: number | undefined;
  /** Begin each line with the time at which Docker took it. */
  readonly timestamps?: boolean;
}

/**
 * What containers wrote, service by service; with `follow` as it comes, also from those that are started later. Compose puts
 * both streams of a container into one, in their order. Throws as `dockerFailure` tells.
 */
export async function* readLogs(
  session: DockerSession,
  { services, follow, since, tail, timestamps }: LogsWanted,
): AsyncGenerator<{ readonly service: string; readonly line: string }, void, undefined> {
  const { cli, home, project } = session;
  const flags = [
    ...(timestamps === true ? ["--timestamps"] : []),
    "--no-color",
    "--no-log-prefix",
    ...(follow ? ["--follow"] : []),
    ...(since === undefined ? [] : ["--since", String(since / 1000)]),
    ...(tail === undefined ? [] : ["--tail", String(tail)]),
  ];
  const open = async (service: string): Promise<LogLines> => {
    const args = ["logs", ...flags, "--", service];
    const argv = follow ? cli.composeArgv(...args) : byName(project.name, args);
    const stream = await home.ports.processes.converse({ argv, env: cli.env, signal: home.signal });
    return { service, lines: linesOf(stream), stream };
  };
  if (!follow) {
    for (const service of services) yield* passOn(await open(service), home.signal);
    return;
  }
  yield* merge(await Promise.all(services.map((service) => open(service))), home.signal);
}

/** Without the files: one that has become faulty keeps nobody from reading logs. */
function byName(project: string, args: readonly string[]): [string, ...string[]] {
  return ["docker", "compose", "--project-name", project, ...args];
}

interface LogLines {
  readonly service: string;
  readonly lines: AsyncIterator<string>;
  readonly stream: Duplex;
}

type Line = { readonly service: string; readonly line: string };

async function* passOn({ service, lines, stream }: LogLines, signal: AbortSignal): AsyncGenerator<Line> {
  try {
    for (let next = await nextLine(lines, signal); next !== undefined; next = await nextLine(lines, signal)) {
      yield { service, line: next };
    }
  } finally {
    stream.destroy();
  }
}

/** Lines of several logs, whichever comes first. */
async function* merge(logs: readonly LogLines[], signal: AbortSignal): AsyncGenerator<Line> {
  const ask = async (log: LogLines): Promise<readonly [LogLines, string | undefined]> => [
    log,
    await nextLine(log.lines, signal),
  ];
  const asked = new Map(logs.map((log) => [log, ask(log)]));
  try {
    while (asked.size > 0) {
      const [log, line] = await Promise.race(asked.values());
      if (line === undefined) asked.delete(log);
      else {
        asked.set(log, ask(log));
        yield { service: log.service, line };
      }
    }
  } finally {
    for (const { stream } of logs) stream.destroy();
  }
}

/** Undefined at the log's end, and when the caller ended everything. */
async function nextLine(lines: AsyncIterator<string>, signal: AbortSignal): Promise<string | undefined> {
  try {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw dockerFailure(error instanceof Error ? error.message : String(error));
  }
}

async function* linesOf(stream: Duplex): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
