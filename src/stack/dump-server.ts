import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { PostgresClients } from "../supply/supply.ts";
import type { DatabaseServer } from "../topology/topology.ts";

/**
 * Dumps a running server into `directory`: `SERVICE.roles.sql`, and `SERVICE.DATABASE.dump` (custom format) for each
 * database. Logs in over the socket as the superuser, so a drifted password is no obstacle. ToolError POSTGRES_FAILED.
 */
export async function dumpServer(
  session: NativeSession,
  request: {
    readonly server: DatabaseServer;
    readonly clients: PostgresClients;
    readonly port: number;
    readonly directory: string;
  },
): Promise<void> {
  const { server, clients, directory } = request;
  const { files, processes } = session.home.ports;
  const env = {
    LANG: "C.UTF-8",
    PATH: `${clients.binDirectory}:/usr/bin:/bin`,
    PGHOST: session.layout.sockets,
    PGPORT: String(request.port),
    PGUSER: server.superuser,
  };
  const run = async (program: string, ...rest: readonly string[]): Promise<string> => {
    const argv = [join(clients.binDirectory, program), ...rest] as const;
    const result = await processes.run({ argv, env, cwd: "/", signal: session.home.signal });
    session.home.signal.throwIfAborted();
    if (result.exitCode === 0) return result.stdout;
    const last = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new ToolError("POSTGRES_FAILED", `The backup of ${server.service} failed: ${last}`, {
      hint: "Nothing was removed. To remove the volumes without a backup: bulkhead down -v --no-backup",
      exitCode: 1,
    });
  };
  const names = await run(
    "psql",
    "-XAt",
    "-d",
    "postgres",
    "-c",
    "select datname from pg_database where datallowconn and not datistemplate",
  );
  const roles = await run("pg_dumpall", "--roles-only");
  await files.writeText(join(directory, `${server.service}.roles.sql`), roles, { mode: 0o600 });
  // `postgres` is every server's own maintenance database; it is the project's only where the file says so.
  const own = names.split("\n").filter((name) => name !== "" && (name !== "postgres" || server.database === name));
  for (const name of own) {
    await run("pg_dump", "-Fc", "-f", join(directory, `${server.service}.${name}.dump`), "-d", name);
  }
}
