import { createHash } from "node:crypto";
import { join } from "node:path";

import type { Project } from "../../compose/project.ts";
import type { Finding } from "../../core/finding.ts";
import { ToolError } from "../../core/tool-error.ts";
import { applyEdits } from "../../edit/apply-edits.ts";
import { overlaySources } from "../../edit/overlay-sources.ts";
import { rememberSources } from "../../edit/remember-sources.ts";
import type { OwnerId } from "../../postgres/database-verdict.ts";
import type { SplitStepArgs } from "../../postgres/split/split-steps.ts";
import { applyFixes } from "../../rules/apply-fixes.ts";
import { createJudge } from "../../rules/create-judge.ts";
import { sharedDatabase } from "../../rules/databases/shared-database.ts";
import { mlflowAuthSharesDatabase } from "../../rules/mlflow/mlflow-auth-shares-database.ts";
import type { JudgeOptions } from "../../rules/rule.ts";
import { resolveTopology } from "../../topology/resolve-topology.ts";
import type { Connection, Topology } from "../../topology/topology.ts";
import { judgeOptions } from "../check/judge-options.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";

/** The files of a project as they have to be after a split: what `check --fix` writes for a shared database. */
export interface PlannedEdits {
  readonly project: Project;
  readonly topology: Topology;
  readonly files: SplitStepArgs["edit-files"]["files"];
  /** Keeps the texts before and after beside the journal. */
  readonly keep: () => Promise<void>;
}

/**
 * Works out the edits that give each application its own database, and MLflow's users theirs where they share the one that
 * is split. None when the files say so already.
 *
 * @param how.subject the database that is split
 * @param how.kept absolute directory for the texts, which may hold secrets
 */
export function planEdits(
  context: ActionContext,
  options: ProjectOptions,
  {
    kept,
    subject,
    ...how
  }: Omit<JudgeOptions, "today"> & {
    readonly kept: string;
    readonly subject: { readonly service: string; readonly database: string };
  },
): PlannedEdits {
  const sources = rememberSources(context.ports.sources);
  const { random, files } = context.ports;
  const rules = [sharedDatabase, mlflowAuthSharesDatabase];
  const judge = createJudge(loadRequest(context, options), rules, {
    random,
    options: judgeOptions(context, how),
  });
  const place = `${subject.service}/${subject.database}/`;
  const isHere = ({ evidence }: Finding): boolean => evidence.some((text) => text.startsWith(place));
  const { edits } = applyFixes(
    sources,
    judge,
    ({ finding }) =>
      finding.rule === sharedDatabase.id || (finding.rule === mlflowAuthSharesDatabase.id && isHere(finding)),
  );
  const after = overlaySources(sources, edits);
  const { project } = judge(after).outcome;
  if (project === undefined) throw new Error("the edited project cannot be loaded");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const texts = [...new Set(edits.map(({ file }) => file))].toSorted(envFilesFirst).map((path) => {
    const read = sources.read(path);
    const bytes = read.kind === "file" ? read.bytes : undefined;
    const own = edits.filter(({ file }) => file === path);
    return {
      path,
      before: bytes === undefined ? undefined : decoder.decode(bytes),
      after: decoder.decode(applyEdits(bytes ?? new Uint8Array(), own)),
    };
  });
  const places = texts.map((_, at) => ({
    keptBefore: join(kept, `${at}.before`),
    keptAfter: join(kept, `${at}.after`),
  }));
  return {
    project,
    topology: resolveTopology(project, after),
    files: texts.map(({ path, before, after }, at) => ({
      path,
      before: before === undefined ? null : hashOf(before),
      after: hashOf(after),
      ...(places[at] as (typeof places)[number]),
    })),
    keep: async () => {
      if (texts.length === 0) return;
      await files.makeDirectory(kept, { mode: 0o700 });
      for (const [at, { before, after }] of texts.entries()) {
        const place = places[at] as (typeof places)[number];
        if (before !== undefined) await files.writeText(place.keptBefore, before, { mode: 0o600 });
        await files.writeText(place.keptAfter, after, { mode: 0o600 });
      }
    },
  };
}

/**
 * Where the files send an application after the edits.
 *
 * @param writers the services that led to the database before: of several applications of one product, theirs is meant
 */
export function connectionOf(
  { apps, connections }: Topology,
  part: OwnerId,
  writers: readonly string[],
): Connection | undefined {
  const product = part === "airflow" ? "airflow" : "mlflow";
  const role = part === "mlflow-auth" ? "auth" : "metadata";
  const own = new Set(apps.filter((app) => app.product === product).map(({ id }) => id));
  const found = connections.filter((one) => one.role === role && one.app !== undefined && own.has(one.app));
  return found.find(({ service }) => writers.includes(service)) ?? found[0];
}

/** ToolError SPLIT_REFUSED: the files would still lead two applications to one database. */
export function cannotEdit(part: OwnerId, service: string): ToolError {
  return new ToolError(
    "SPLIT_REFUSED",
    `The files of this project cannot be edited so that ${part} gets a database of its own.`,
    {
      hint: `See why with: bulkhead check --rule ${part === "mlflow-auth" ? mlflowAuthSharesDatabase.id : sharedDatabase.id}\nThen write the new connection of ${service} by hand, and repeat the command.`,
      exitCode: 1,
    },
  );
}

/** A variable must be there before the file that uses it. */
function envFilesFirst(left: string, right: string): number {
  const rank = (file: string): number => (/(^|\/)\.env[^/]*$|\.env$/.test(file) ? 0 : 1);
  return rank(left) - rank(right) || (left < right ? -1 : 1);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
