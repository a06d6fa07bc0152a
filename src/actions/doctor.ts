import { isToolError } from "../core/tool-error.ts";
import { doctorChecks } from "../diagnose/doctor/doctor-checks.ts";
import type { DoctorPlace } from "../diagnose/doctor/doctor-place.ts";
import { runChecks, type DoctorRow } from "../diagnose/doctor/run-checks.ts";
import { createDockerCli } from "../engine/docker/docker-cli.ts";
import { dataDirectory } from "../engine/project-state.ts";
import { chooseUnitUser } from "../engine/native/choose-unit-user.ts";
import { cacheDirectory } from "../supply/cache-directory.ts";
import { chosenEngine } from "./chosen-engine.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openDoctorStack } from "./doctor/open-doctor-stack.ts";
import { loadRequest } from "./load-request.ts";

export interface DoctorResult {
  /** Undefined: there is none here, and only the machine was looked at. */
  readonly project: string | undefined;
  /** Undefined: none was chosen yet. */
  readonly engine: "native" | "docker" | undefined;
  readonly rows: readonly DoctorRow[];
  /** 1 when something fails. */
  readonly exitCode: 0 | 1;
}

/**
 * Looks at this machine and at the project's stack, whatever of it runs, and says what is wrong and what cures it. Starts
 * nothing and leaves nothing changed. A project that cannot be loaded or an engine that does not answer is a row, too.
 */
export async function doctor(context: ActionContext, options: ProjectOptions): Promise<DoctorResult> {
  const { ports, resources, emit, signal } = context;
  const user = await chooseUnitUser(ports.host);
  const { stack, engine, trouble } = await openStack(context, options);
  const place: DoctorPlace = {
    io: ports,
    engine,
    dataDirectory: dataDirectory(ports.host),
    supply: {
      io: ports,
      cache: cacheDirectory(ports.host),
      resources,
      unitUser: { uid: user.uid, gid: user.gid },
      emit,
      signal,
    },
    docker: createDockerCli(
      ports.processes,
      { name: "bulkhead", directory: ports.host.cwd, files: [] },
      loadRequest(context, options),
    ),
    stack,
  };
  const rows = [...(await runChecks(doctorChecks, place, signal)), ...(trouble === undefined ? [] : [trouble])];
  return {
    project: stack?.session.project.name,
    engine,
    rows,
    exitCode: rows.some(({ outcome }) => outcome === "fail") ? 1 : 0,
  };
}

/** Why there is no stack is told beside what the machine tells. */
async function openStack(
  context: ActionContext,
  options: ProjectOptions,
): Promise<Pick<DoctorPlace, "stack" | "engine"> & { readonly trouble?: DoctorRow }> {
  try {
    return await openDoctorStack(context, options);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isToolError(error) || error.code === "COMMAND_USAGE") throw error;
    const isAsked = options.files.length > 0 || options.directory !== undefined;
    return {
      stack: undefined,
      engine: chosenEngine(context, options, undefined),
      trouble: {
        id: "project",
        title: "Project",
        scope: "stack",
        subject: undefined,
        outcome: error.code === "COMPOSE_NOT_FOUND" && !isAsked ? "unknown" : "fail",
        fact: error.message,
        cure: error.hint,
      },
    };
  }
}
