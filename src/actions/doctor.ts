import { isToolError } from "../core/tool-error.ts";
import { answerInTime } from "../diagnose/doctor/answer-in-time.ts";
import { applyFixes, type FixedRow } from "../diagnose/doctor/apply-fixes.ts";
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

/** How long an engine or a supervisor may take to say what runs. */
const OPEN_MS = 15_000;

export interface DoctorResult {
  /** Undefined: there is none here, and only the machine was looked at. */
  readonly project: string | undefined;
  /** Undefined: none was chosen yet. */
  readonly engine: "native" | "docker" | undefined;
  /** How everything is; after `fix`, how it is then. */
  readonly rows: readonly DoctorRow[];
  /** What `fix` did. */
  readonly fixed: readonly FixedRow[];
  /** 1 when something fails. */
  readonly exitCode: 0 | 1;
}

/**
 * Looks at this machine and at the project's stack, whatever of it runs, and says what is wrong and what cures it. Starts
 * nothing and leaves nothing changed; with `fix` it does what is safe, and looks again. A project that cannot be loaded or
 * an engine that does not answer is a row, too.
 */
export async function doctor(
  context: ActionContext,
  options: ProjectOptions & { readonly fix: boolean },
): Promise<DoctorResult> {
  const { signal } = context;
  const before = await look(context, options);
  const fixed = options.fix ? await applyFixes(before.rows, signal) : [];
  const { place, rows } = fixed.length === 0 ? before : await look(context, options);
  return {
    project: place.stack?.session.project.name,
    engine: place.engine,
    rows,
    fixed,
    exitCode: rows.some(({ outcome }) => outcome === "fail") ? 1 : 0,
  };
}

async function look(
  context: ActionContext,
  options: ProjectOptions,
): Promise<{ readonly place: DoctorPlace; readonly rows: readonly DoctorRow[] }> {
  const { ports, resources, emit, signal } = context;
  const [{ uid, gid }, { stack, engine, trouble }] = await Promise.all([
    chooseUnitUser(ports.host),
    openStack(context, options),
  ]);
  const place: DoctorPlace = {
    io: ports,
    engine,
    dataDirectory: dataDirectory(ports.host),
    supply: { io: ports, cache: cacheDirectory(ports.host), resources, unitUser: { uid, gid }, emit, signal },
    docker: createDockerCli(
      ports.processes,
      { name: "bulkhead", directory: ports.host.cwd, files: [] },
      loadRequest(context, options),
    ),
    stack,
  };
  const rows = await runChecks(doctorChecks, place, signal);
  return { place, rows: trouble === undefined ? rows : [...rows, trouble] };
}

type Opened = Pick<DoctorPlace, "stack" | "engine"> & { readonly trouble?: DoctorRow };

/** Why there is no stack is told beside what the machine tells. */
async function openStack(context: ActionContext, options: ProjectOptions): Promise<Opened> {
  const { ports, signal } = context;
  const without = (told: Pick<DoctorRow, "outcome" | "fact" | "cure">): Opened => ({
    stack: undefined,
    engine: chosenEngine(context, options, undefined),
    trouble: { id: "project", title: "Project", scope: "stack", subject: undefined, ...told },
  });
  try {
    return await answerInTime<Opened>(
      ports.clock,
      { limitMs: OPEN_MS, signal },
      () => openDoctorStack(context, options),
      (seconds) =>
        without({ outcome: "fail", fact: `what runs it gave no answer within ${seconds} s`, cure: "bulkhead ps" }),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!isToolError(error) || error.code === "COMMAND_USAGE") throw error;
    const isAsked = options.files.length > 0 || options.directory !== undefined;
    return without({
      outcome: error.code === "COMPOSE_NOT_FOUND" && !isAsked ? "unknown" : "fail",
      fact: error.message,
      cure: error.hint,
    });
  }
}
