import { ToolError } from "../../core/tool-error.ts";
import type { DockerSession } from "../../engine/docker/docker-session.ts";
import type { ExecOptions } from "../exec.ts";

/** Runs a command in a running service's container. Values of variables are passed on by name, never in argv. */
export async function execInContainer(session: DockerSession, wanted: ExecOptions): Promise<number> {
  const { home, cli } = session;
  const containers = await session.look();
  if (!containers.some((one) => one.service === wanted.service && one.status.pid !== undefined)) {
    throw new ToolError("PROJECT_NOT_RUNNING", `${wanted.service} is not running.`, {
      hint: `bulkhead up ${wanted.service}`,
    });
  }
  const given = wanted.env.map((entry) => entry.split("=", 1)[0] ?? entry);
  const values = wanted.env.flatMap((entry) => {
    const at = entry.indexOf("=");
    return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
  });
  const flags = [
    ...(wanted.tty ? [] : ["--no-TTY"]),
    ...(wanted.workdir === undefined ? [] : ["--workdir", wanted.workdir]),
    ...(wanted.user === undefined ? [] : ["--user", wanted.user]),
    ...given.flatMap((name) => ["--env", name]),
  ];
  return home.ports.processes.runAttached({
    argv: cli.composeArgv("exec", ...flags, wanted.service, ...wanted.argv),
    cwd: home.ports.host.cwd,
    env: { ...cli.env, ...(Object.fromEntries(values) as Record<string, string>) },
    signal: home.signal,
  });
}
