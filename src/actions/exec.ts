import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";
import { loadUnitSpec } from "../engine/native/load-unit-spec.ts";
import type { UnitSpec } from "../engine/native/unit.ts";
import { createPathMap } from "../engine/native/path-map.ts";
import { planMounts } from "../engine/native/plan-mounts.ts";
import { assertServices } from "./assert-services.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openEngineSession } from "./open-project.ts";

export interface ExecOptions {
  readonly service: string;
  readonly argv: readonly string[];
  /** `NAME=value`, or `NAME` to pass ours on. */
  readonly env: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly tty: boolean;
}

/**
 * Runs a command as a running service would: its environment, account, working directory, names and paths. Resolves with
 * the command's exit code. ToolError PROJECT_NOT_RUNNING when the service does not run.
 */
export async function exec(context: ActionContext, options: ProjectOptions, wanted: ExecOptions): Promise<number> {
  const session = await openEngineSession(context, options);
  assertServices(session.project, [wanted.service]);
  if (session.engine === "docker") {
    const { execInContainer } = await import("./docker/exec-in-container.ts");
    return execInContainer(session, wanted);
  }
  const client = await findSupervisor(session);
  const status = (await client?.status(context.signal))?.find((one) => one.service === wanted.service);
  client?.close();
  if (status === undefined || status.pid === undefined) {
    throw new ToolError("PROJECT_NOT_RUNNING", `${wanted.service} is not running.`, {
      hint: `bulkhead up ${wanted.service}`,
    });
  }
  const { processes, host } = context.ports;
  const unitDirectory = join(session.layout.units, wanted.service);
  const spec = await loadUnitSpec(session, wanted.service);
  if (spec === undefined) throw new Error(`${wanted.service} runs without a definition`);
  const role = session.topology.services[wanted.service];
  const paths = createPathMap(
    join(unitDirectory, "root"),
    role === undefined ? [] : planMounts(session.project, role, session.layout),
  );
  const given = Object.fromEntries(
    wanted.env.flatMap((entry) => {
      const at = entry.indexOf("=");
      const own = host.env[entry];
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : own === undefined ? [] : [[entry, own]];
    }),
  ) as Record<string, string>;
  const terminal = wanted.tty && host.env["TERM"] !== undefined ? { TERM: host.env["TERM"] } : {};
  const owner = await ownerOf(context, wanted, spec);
  const [program = "sh", ...rest] = wanted.argv;
  const cwd = wanted.workdir === undefined ? spec.cwd : paths.map(wanted.workdir);
  const run = processes.runAttached({
    argv: [program, ...rest.map((word) => paths.mapText(word))],
    cwd,
    env: { ...serverEnvironment(session, wanted.service), ...spec.env, ...terminal, ...given },
    ...(owner === undefined ? {} : { owner }),
    signal: context.signal,
  });
  return run.catch(async (error: unknown) => {
    // Node blames the program when the directory is what is missing.
    if (!(await context.ports.files.exists(cwd))) {
      throw new ToolError("COMMAND_USAGE", `${wanted.service} has no directory ${wanted.workdir ?? cwd}.`);
    }
    if (!(error instanceof Error && "code" in error) || (error.code !== "ENOENT" && error.code !== "EACCES"))
      throw error;
    throw new ToolError("COMMAND_USAGE", `${program} is no program that ${wanted.service} can run.`, {
      hint: "Natively a service has its own environment's programs, /usr/bin and /bin.",
    });
  });
}

/** In a PostgreSQL service the image's variables, and a plain `psql` is the superuser on the service's database. */
function serverEnvironment(session: NativeSession, service: string): Readonly<Record<string, string>> {
  const server = session.topology.servers.find((one) => one.service === service);
  if (server === undefined) return {};
  return { ...session.topology.services[service]?.environment, PGUSER: server.superuser, PGDATABASE: server.database };
}

/** `-u`: an account of this machine; the unit's own otherwise. */
async function ownerOf(
  context: ActionContext,
  wanted: ExecOptions,
  spec: UnitSpec,
): Promise<{ uid: number; gid: number } | undefined> {
  if (wanted.user === undefined) return spec.owner;
  const user = await context.ports.host.user(wanted.user);
  if (user === undefined)
    throw new ToolError(
      "COMMAND_USAGE",
      `There is no account ${wanted.user} on this machine; the native engine has no others.`,
    );
  return { uid: user.uid, gid: user.gid };
}
