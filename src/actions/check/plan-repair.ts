import type { LoadRequest } from "../../compose/load-request.ts";
import type { Finding } from "../../core/finding.ts";
import type { FixClass } from "../../core/fix.ts";
import { rememberSources } from "../../edit/remember-sources.ts";
import type { Sources } from "../../ports/sources.ts";
import { applyFixes, type Repair } from "../../rules/apply-fixes.ts";
import { applyIgnores, findIgnores } from "../../rules/apply-ignores.ts";
import { createJudge } from "../../rules/create-judge.ts";
import type { Rule } from "../../rules/rule.ts";
import type { ActionContext } from "../context.ts";
import { writeEdits } from "./write-edits.ts";

export interface RepairOptions {
  /** `behaviour` includes `safe`. Fixes that may lose data are never made here. */
  readonly upTo: Exclude<FixClass, "data">;
  /** Repairs of shared databases stay on the server. */
  readonly sameServer: boolean;
  /** Findings to leave as they are, such as those of a baseline. */
  readonly isAccepted?: (finding: Finding) => boolean;
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
 * Works out in memory what `check --fix` does to a project. Findings that a comment in the files ignores stay. Undefined
 * when the project cannot be loaded.
 *
 * @throws ToolError as loadOutcome does
 */
export function planRepair(
  context: ActionContext,
  request: LoadRequest,
  rules: readonly Rule[],
  { upTo, sameServer, isAccepted = () => false }: RepairOptions,
): PlannedRepair | undefined {
  const { files, random, clock } = context.ports;
  const sources = rememberSources(context.ports.sources);
  const options = { sameServer, today: new Date(clock.now()).toISOString().slice(0, 10) };
  const judge = createJudge(request, rules, { random, options });
  const project = judge(sources).outcome.project;
  if (project === undefined) return undefined;
  const { directory } = project;
  const classes: readonly FixClass[] = upTo === "safe" ? ["safe"] : ["safe", "behaviour"];
  const repair = applyFixes(
    sources,
    judge,
    ({ rule, finding }, current) =>
      rule.fix !== undefined && classes.includes(rule.fix) && !isAccepted(finding) && !isIgnored(finding, current),
    classes,
  );
  return {
    ...repair,
    directory,
    texts: textsOf(sources, [...new Set(repair.edits.map(({ file }) => file))]),
    secrets: repair.fixed.flatMap(({ fix }) => fix.secrets ?? []),
    write: () => writeEdits(files, sources, directory, repair.edits),
  };
}

function isIgnored(finding: Finding, current: Sources): boolean {
  const files = new Set([...finding.labels, ...finding.also].map(({ span }) => span.file));
  const ignores = [...textsOf(current, [...files])].flatMap(([file, text]) => findIgnores(file, text));
  return applyIgnores([finding], ignores, new Set()).ignored.length > 0;
}

function textsOf(sources: Sources, files: readonly string[]): ReadonlyMap<string, string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const texts = new Map<string, string>();
  for (const file of files) {
    const read = sources.read(file);
    if (read.kind === "file") texts.set(file, decoder.decode(read.bytes));
  }
  return texts;
}
