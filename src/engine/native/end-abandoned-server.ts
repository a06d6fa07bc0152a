import { join } from "node:path";

import type { Ports } from "../../ports/ports.ts";
import type { PostgresDataRequest } from "./prepare-postgres-data.ts";

/**
 * Ends the temporary server that runs init scripts when an earlier `up` was killed while it ran: it would hold the socket
 * of the next one. Its process id is believed only when the server behind the socket says that the directory is its own.
 */
export async function endAbandonedServer(
  io: Pick<Ports, "files" | "processes">,
  request: PostgresDataRequest,
  directory: string,
): Promise<void> {
  if (!(await io.files.exists(join(directory, "postmaster.pid")))) return;
  const { server, owner, signal } = request;
  const common = {
    cwd: "/",
    env: { LANG: "C.UTF-8", LC_ALL: "C.UTF-8", HOME: directory, PATH: `${request.serverBin}:/usr/bin:/bin` },
    ...(owner === undefined ? {} : { owner }),
    signal,
  };
  const login = ["-h", request.socketDirectory, "-p", String(request.port), "-U", server.superuser, "-d", "postgres"];
  const asked = await io.processes.run({
    ...common,
    argv: [join(request.clientBin, "psql"), "-XAtw", ...login, "-c", "SHOW data_directory"],
  });
  if (asked.exitCode !== 0 || asked.stdout.trim() !== directory) return;
  await io.processes.run({
    ...common,
    argv: [join(request.serverBin, "pg_ctl"), "stop", "-D", directory, "-m", "immediate", "-w"],
  });
}
