import type { Label } from "../core/finding.ts";
import type { Cause } from "../diagnose/fold-causes.ts";
import { readTexts } from "./check/read-texts.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { labelCause } from "./explain/label-cause.ts";
import { diagnoseLogs, type Diagnosis } from "./explain/diagnose-logs.ts";
import { openLogs } from "./explain/open-logs.ts";
import { readSince } from "./read-since.ts";

export interface ExplainOptions {
  /** Logs to read, `-` for standard input; empty: what is piped in, else the running stack's. */
  readonly files: readonly string[];
  /** As `logs` takes it. */
  readonly since: string | undefined;
}

/** A root cause with the places of the project that it comes from. */
export type ExplainedCause = Cause & { readonly labels: readonly Label[] };

/** What logs tell. No secret is in it. */
export type ExplainResult = Omit<Diagnosis, "causes"> & {
  readonly causes: readonly ExplainedCause[];
  /** The project's name; undefined when the logs were read without one. */
  readonly project: string | undefined;
  /** Names of the logs that were read. */
  readonly logs: readonly string[];
  /** Files that labels point into, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly exitCode: 0 | 1;
};

/**
 * Reads logs and tells the root cause of what went wrong in them: exit code 1 when there is one or an error that nobody
 * knows, 0 when nothing is wrong. Throws ToolError COMMAND_USAGE for a file or time that cannot be read,
 * PROJECT_NOT_RUNNING for a project without logs, and as `loadProject` where the running stack's logs are wanted.
 */
export async function explain(
  context: ActionContext,
  options: ProjectOptions,
  wanted: ExplainOptions,
): Promise<ExplainResult> {
  const { clock, sources } = context.ports;
  const since = readSince(wanted.since, clock.now(), "explain");
  const { stack, logs } = await openLogs(context, options, wanted.files, since);
  const { unknownErrors, ...folded } = await diagnoseLogs(stack, logs, since);
  const causes = folded.causes.map((cause) => ({ ...cause, labels: labelCause(stack, cause) }));
  return {
    project: stack?.project.name,
    logs: logs.map(({ name }) => name),
    ...folded,
    causes,
    unknownErrors,
    texts: readTexts(
      sources,
      causes.flatMap(({ labels }) => labels.map(({ span }) => span.file)),
    ),
    exitCode: causes.length + folded.unexplained.length + unknownErrors.length > 0 ? 1 : 0,
  };
}
