import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import type { PostgresDataRequest } from "./prepare-postgres-data.ts";

/**
 * Runs `/docker-entrypoint-initdb.d` as the image does: a temporary server on the socket only, then each file by name:
 * `*.sql`, compressed SQL, `*.sh` executed when executable and sourced when not. A failing file ends it:
 * ToolError POSTGRES_FAILED with the file's name and last lines.
 */
export async function runInitScripts(
  io: Pick<Ports, "files" | "processes">,
  request: PostgresDataRequest,
): Promise<void> {
  const { server, owner } = request;
  const owned = owner === undefined ? {} : { owner };
  const env = {
    LANG: "C.UTF-8",
    ...request.environment,
    PATH: `${request.clientBin}:${request.serverBin}:/usr/local/bin:/usr/bin:/bin`,
    HOME: request.dataDirectory,
    PGHOST: request.socketDirectory,
    PGPORT: String(request.port),
    PGDATA: request.dataDirectory,
    POSTGRES_USER: server.superuser,
    POSTGRES_DB: server.database,
  };
  const ended = new AbortController();
  const abort = (): void => ended.abort();
  request.signal.addEventListener("abort", abort, { once: true });
  const log: string[] = [];
  let markReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => (markReady = resolve));
  const running = io.processes.run({
    argv: [
      join(request.serverBin, "postgres"),
      "-D",
      request.dataDirectory,
      "-c",
      "listen_addresses=",
      "-k",
      request.socketDirectory,
      "-p",
      String(request.port),
    ],
    env: { LANG: "C.UTF-8", LC_ALL: "C.UTF-8", HOME: request.dataDirectory, PATH: "/usr/bin:/bin" },
    cwd: "/",
    ...owned,
    signal: ended.signal,
    onLine: (line) => {
      log.push(line);
      if (line.includes("database system is ready to accept connections")) markReady();
    },
  });
  const early = running.then((result) => {
    throw new ToolError(
      "POSTGRES_FAILED",
      `The server of ${server.service} ended with code ${result.exitCode} before its init scripts ran:\n${log.slice(-5).join("\n")}`,
    );
  });
  try {
    await Promise.race([ready, early]);
    for (const script of request.initScripts) {
      request.signal.throwIfAborted();
      const argv = await planScript(io, script, server.superuser, server.database);
      if (argv === undefined) continue;
      const result = await io.processes.run({ argv, env, cwd: "/", ...owned, signal: request.signal });
      request.signal.throwIfAborted();
      if (result.exitCode === 0) continue;
      const last = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-8).join("\n");
      throw new ToolError(
        "POSTGRES_FAILED",
        `The init script ${script} of ${server.service} failed with exit code ${result.exitCode}:\n${last}`,
        {
          hint: "Correct the script; the data directory was not kept, so the next `bulkhead up` runs it again.",
          exitCode: 1,
        },
      );
    }
  } finally {
    request.signal.removeEventListener("abort", abort);
    ended.abort();
    await running.catch(() => undefined);
    early.catch(() => undefined);
  }
}

async function planScript(
  io: Pick<Ports, "files">,
  path: string,
  user: string,
  database: string,
): Promise<readonly [string, ...string[]] | undefined> {
  const psql = [
    "psql",
    "-v",
    "ON_ERROR_STOP=1",
    "--no-password",
    "--no-psqlrc",
    "--username",
    user,
    "--dbname",
    database,
  ] as const;
  if (path.endsWith(".sql")) return [...psql, "-f", path];
  const unpack = path.endsWith(".sql.gz")
    ? "gunzip"
    : path.endsWith(".sql.xz")
      ? "xzcat"
      : path.endsWith(".sql.zst")
        ? "zstd"
        : undefined;
  if (unpack !== undefined) {
    const flags = unpack === "xzcat" ? "" : "-dc";
    return ["/bin/bash", "-c", `set -o pipefail; ${unpack} ${flags} "$1" | "\${@:2}"`, "init", path, ...psql];
  }
  if (!path.endsWith(".sh")) return undefined;
  const executable = ((await io.files.stat(await io.files.realPath(path)))?.mode ?? 0) & 0o111;
  // The image sources a script that is not executable, with its own helper at hand.
  const source = `docker_process_sql() { psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"; }; . "$1"`;
  return executable === 0 ? ["/bin/bash", "-e", "-c", source, "init", path] : [path];
}
