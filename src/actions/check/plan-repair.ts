import type { LoadRequest } from "../../compose/load-request.ts";
import type { FixClass } from "../../core/fix.ts";
import { rememberSources } from "../../edit/remember-sources.ts";
import type { Sources } from "../../ports/sources.ts";
import { applyFixes, type Repair } from "../../rules/apply-fixes.ts";
import { createJudge } from "../../rules/create-judge.ts";
import { fingerprint } from "../../rules/fingerprint.ts";
import { isIgnored } from "../../rules/is-ignored.ts";
import type { Judgement } from "../../rules/judge-subject.ts";
import type { Rule } from "../../rules/rule.ts";
import type { ActionContext } from "../context.ts";
import type { IsListed } from "./baseline.ts";
import { judgeOptions } from "./judge-options.ts";
import { readTexts } from "./read-texts.ts";
import { writeEdits } from "./write-edits.ts";

export interface RepairOptions {
  /** `behaviour` includes `safe`. Fixes that may lose data are never made here. */
  readonly upTo: Exclude<FixClass, "data">;
  /** Repairs of shared databases stay on the server. */
  readonly sameServer: boolean;
  readonly isListed: IsListed;
}

/** A verified repair of one project that is not written yet. */
export interface PlannedRepair extends Repair {
  readonly directory: string;
  /** Texts of the files to edit as they are now, by absolute path; a new file has none. */
  readonly texts: ReadonlyMap<string, string>;
  /** New secrets in the edits, never shown. */
  readonly secrets: readonly string[];
  /**
   * Writes it and gives the files, absolute. All files change, or none.
   *
   * @throws ToolError FILE_CHANGED when a file is no longer what was judged; FILE_OUTSIDE_PROJECT
   */
  write(): Promise<readonly string[]>;
}

/**
 * Works out in memory what `check --fix` does to a project. Findings that a comment in the files ignores or a baseline
 * lists stay. Undefined when the project cannot be loaded.
 *
 * @throws ToolError as loadOutcome does
 */
export function planRepair(
  context: ActionContext,
  request: LoadRequest,
  rules: readonly Rule[],
  { upTo, sameServer, isListed }: RepairOptions,
): PlannedRepair | undefined {
  const sources = rememberSources(context.ports.sources);
  const { random } = context.ports;
  const judge = createJudge(request, rules, { random, options: judgeOptions(context, { sameServer }) });
  const project = judge(sources).outcome.project;
  if (project === undefined) return undefined;
  const { directory } = project;
  const classes: readonly FixClass[] = upTo === "safe" ? ["safe"] : ["safe", "behaviour"];
  const isWanted = ({ finding }: Judgement, current: Sources): boolean =>
    !isIgnored(finding, current) && !isListed(directory, fingerprint(finding, directory));
  const repair = applyFixes(sources, judge, isWanted, classes);
  return {
    ...repair,
    directory,
    texts: readTexts(
      sources,
      repair.edits.map(({ file }) => file),
    ),
    secrets: repair.fixed.flatMap(({ fix }) => fix.secrets ?? []),
    write: () => writeEdits(context.ports.files, sources, directory, repair.edits),
  };
}
