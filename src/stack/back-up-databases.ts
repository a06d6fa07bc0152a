import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import {
  openSupervisor,
  recordedPorts,
  settlePorts,
  shareResources,
  type NativeHome,
  type NativeSession,
} from "../engine/native/native-session.ts";
import { supplyServices } from "../engine/native/supply-services.ts";
import { bringUp } from "./bring-up.ts";
import { isOver, watchUnits } from "./unit-watch.ts";

const waitTimeoutMs = 60_000;

/**
 * Dumps every database of every PostgreSQL service into one archive (custom format, with roles) and gives its path, or
 * undefined when the project has no data. Servers that do not run are started for it: logs in over the socket as the
 * superuser, so a drifted password is no obstacle. ToolError POSTGRES_FAILED when a dump fails; nothing is removed then.
 */
export async function backUpDatabases(
  home: NativeHome & { readonly nodeDirectory: string },
  session: NativeSession,
): Promise<string | undefined> {
  const { files, processes, clock } = home.ports;
  const servers = session.topology.servers.map((server) => server.service);
  if (session.record === undefined || servers.length === 0 || !(await files.exists(session.layout.volumes)))
    return undefined;
  if ((await files.list(session.layout.volumes)).length === 0) return undefined;
  const supplies = await supplyServices(session.supply, {
    project: session.project,
    sources: session.home.ports.sources,
    topology: session.topology,
    services: servers,
    postgresDependency: home.postgresDependency,
    nodeDirectory: home.nodeDirectory,
  });
  const client = await openSupervisor(session);
  const watch = await watchUnits(client);
  try {
    const running = new Set(
      Object.keys(session.project.services).filter((service) => {
        const status = watch.status(service);
        return status !== undefined && !isOver(status);
      }),
    );
    const stopped = servers.filter((service) => !running.has(service));
    const ports =
      stopped.length === 0
        ? recordedPorts(session)
        : await settlePorts(session, { running, taking: new Set(stopped), auto: true });
    if (stopped.length > 0) {
      await bringUp({
        session,
        client,
        watch,
        supplies,
        ports,
        sharedResources: await shareResources(session),
        services: stopped,
        waitTimeoutMs,
        runsOwnChecks: false,
      });
    }
    const directory = join(session.layout.backups, new Date(clock.now()).toISOString().replace(/[:.]/g, "-"));
    await files.makeDirectory(directory, { mode: 0o700 });
    for (const server of session.topology.servers) {
      const clients = supplies.servers.get(server.service)?.clients;
      const port = Object.values(ports[server.service] ?? {})[0]?.port;
      if (clients === undefined || port === undefined) continue;
      const env = {
        LANG: "C.UTF-8",
        PATH: `${clients.binDirectory}:/usr/bin:/bin`,
        PGHOST: session.layout.sockets,
        PGPORT: String(port),
        PGUSER: server.superuser,
      };
      const run = async (argv: readonly [string, ...string[]]): Promise<string> => {
        const result = await processes.run({ argv, env, cwd: "/", signal: home.signal });
        if (result.exitCode === 0) return result.stdout;
        throw new ToolError(
          "POSTGRES_FAILED",
          `The backup of ${server.service} failed: ${result.stderr.trim().split("\n").at(-1) ?? ""}`,
          {
            hint: "Nothing was removed. To remove the volumes without a backup: bulkhead down -v --no-backup",
            exitCode: 1,
          },
        );
      };
      const names = await run([
        join(clients.binDirectory, "psql"),
        "-XAt",
        "-d",
        "postgres",
        "-c",
        "select datname from pg_database where datallowconn and not datistemplate",
      ]);
      await files.writeText(
        join(directory, `${server.service}.roles.sql`),
        await run([join(clients.binDirectory, "pg_dumpall"), "--roles-only"]),
        { mode: 0o600 },
      );
      for (const name of names
        .split("\n")
        .filter((one) => one !== "" && (one !== "postgres" || server.database === "postgres"))) {
        await run([
          join(clients.binDirectory, "pg_dump"),
          "-Fc",
          "-f",
          join(directory, `${server.service}.${name}.dump`),
          "-d",
          name,
        ]);
      }
    }
    return directory;
  } finally {
    watch.close();
    client.close();
  }
}
