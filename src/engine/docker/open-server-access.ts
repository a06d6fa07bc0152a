import { ToolError } from "../../core/tool-error.ts";
import type { Processes, RunRequest } from "../../ports/processes.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import { isSqlFailure } from "../../ports/sql.ts";
import { createServerAccess } from "../../supply/create-server-access.ts";
import { containerPorts, type DockerSession } from "./docker-session.ts";
import { withCopyInContainer } from "./with-copy-in-container.ts";

/** Marks a program in the container, so that it can be found there. */
const mark = "BULKHEAD_RUN";

/** Ends the program that carries the mark $1. The program's docker client may be gone already. */
const endScript = `for one in /proc/[0-9]*; do
  grep -qz "^${mark}=$1\\$" "$one/environ" 2>/dev/null && kill "\${one#/proc/}"; done; :`;

/**
 * The way to a project's server from inside its container: as its bootstrap superuser, whom the image trusts there, with the
 * client programs that the image has. Nothing needs to be published or installed. ToolError SERVICE_UNKNOWN,
 * POSTGRES_UNREACHABLE.
 */
export function openServerAccess(session: DockerSession, service: string): ServerAccess {
  const server = session.topology.servers.find((one) => one.service === service);
  if (server === undefined) {
    throw new ToolError("SERVICE_UNKNOWN", `${service} is no PostgreSQL service of ${session.project.name}.`, {
      hint: "bulkhead ps",
    });
  }
  const { cli, home } = session;
  const { superuser, password } = server;
  const port = Number(Object.keys(containerPorts(session)[service] ?? {})[0] ?? 5432);
  // Where an init script or an image of one's own trusts nobody.
  const secret = password === undefined ? {} : { PGPASSWORD: password };
  const containerId = (): string => {
    const running = session.containers().find((one) => one.service === service && one.status.state === "running");
    if (running === undefined) throw notRunning(service, "no container of it runs");
    return running.id;
  };
  const processes = endingInContainer(home.ports.processes, async (value) => {
    await cli.docker(["exec", containerId(), "sh", "-c", endScript, "sh", value], { timeoutMs: 10_000 });
  });
  return createServerAccess(
    { processes, files: home.ports.files },
    {
      label: service,
      role: superuser,
      withCopy: (path, signal, work) =>
        withCopyInContainer({ cli, random: home.ports.random, container: containerId() }, path, signal, work),
      connect: async (database, signal) => {
        const dial = session.dial(service, port, "loopback");
        if (dial === undefined) throw notRunning(service, "no container of it runs");
        const target = { host: service, port, user: superuser, database, signal, dial };
        const outcome = await home.ports.sql.connect(password === undefined ? target : { ...target, password });
        if (!isSqlFailure(outcome)) return outcome;
        if (outcome.failure === "refused") throw notRunning(service, "nothing answers in its container");
        throw new ToolError("POSTGRES_UNREACHABLE", `${service}: ${outcome.reason}`, {
          hint: `bulkhead logs ${service}`,
          detail: { service, database, sqlState: outcome.sqlState },
          exitCode: 1,
        });
      },
      command: async (program, args) => {
        const env = {
          ...secret,
          PGUSER: superuser,
          PGPORT: String(port),
          PGAPPNAME: "bulkhead",
          LC_ALL: "C.UTF-8",
          [mark]: Buffer.from(home.ports.random.bytes(8)).toString("hex"),
        };
        const names = Object.keys(env).flatMap((name) => ["--env", name]);
        return {
          argv: ["docker", "exec", "--interactive", ...names, containerId(), program, ...args],
          env: { ...cli.env, ...env },
        };
      },
    },
  );
}

/** The same processes; one that is aborted is ended in its container too, where its docker client leaves it behind. */
function endingInContainer(processes: Processes, end: (value: string) => Promise<void>): Processes {
  const ending = async <T>(
    requests: readonly Pick<RunRequest, "env" | "signal">[],
    work: () => Promise<T>,
  ): Promise<T> => {
    try {
      return await work();
    } finally {
      for (const { env, signal } of requests) {
        const value = env[mark];
        if (signal?.aborted === true && value !== undefined) await end(value).catch(() => undefined);
      }
    }
  };
  return {
    ...processes,
    run: (request) => ending([request], () => processes.run(request)),
    pipe: (from, into, onBytes) => ending([from, into], () => processes.pipe(from, into, onBytes)),
  };
}

function notRunning(service: string, why: string): ToolError {
  return new ToolError("POSTGRES_UNREACHABLE", `${service} does not run: ${why}.`, {
    hint: `bulkhead up ${service}`,
    detail: { service },
    exitCode: 1,
  });
}
