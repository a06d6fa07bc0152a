import type { Severity } from "../core/finding.ts";
import type { Rule } from "../rules/rule.ts";
import { loadBaseline, writeBaseline } from "./check/baseline.ts";
import { checkProject, type CheckedProject } from "./check/check-project.ts";
import { findProjects } from "./check/find-projects.ts";
import { judgeOptions } from "./check/judge-options.ts";
import { readTexts } from "./check/read-texts.ts";
import { selectRules } from "./check/select-rules.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/** Which projects and rules a check is about. */
export interface CheckScope {
  /** Compose files or directories; empty: the project that the project options mean. */
  readonly paths: readonly string[];
  /** Every project below the directories. */
  readonly recursive: boolean;
  /** Only these rules; empty: all. */
  readonly rules: readonly string[];
  readonly ignoredRules: readonly string[];
  /** Repairs of shared databases stay on the server. */
  readonly sameServer: boolean;
  /** A file whose findings are left out, and left as they are. */
  readonly baseline: string | undefined;
}

export interface CheckOptions extends CheckScope {
  /** The severity from which on findings fail the check. */
  readonly failOn: Severity;
  /** A file to list all findings in. */
  readonly writeBaseline: string | undefined;
  /** Try the repairs of all findings; else they have none. */
  readonly withFixes: boolean;
}

export interface CheckResult {
  /** The rules that ran. */
  readonly rules: readonly Pick<Rule, "id" | "summary" | "severity">[];
  readonly projects: readonly CheckedProject[];
  /** The text of every file that a finding shows or its repair edits, by absolute path; read when asked for. */
  readonly texts: ReadonlyMap<string, string>;
  /** 0: nothing at or above the threshold; 1: something; 2: a project, or a part of one, could not be read. */
  readonly exitCode: 0 | 1 | 2;
}

/**
 * Judges projects without starting anything. Reads files only; writes nothing but a baseline.
 *
 * @throws ToolError COMPOSE_NOT_FOUND when there is no project; COMMAND_USAGE for an unknown rule or a bad baseline
 */
export async function check(
  context: ActionContext,
  options: ProjectOptions,
  wanted: CheckOptions,
): Promise<CheckResult> {
  const rules = selectRules(wanted.rules, wanted.ignoredRules);
  const requests = await findProjects(context, options, wanted);
  const { withFixes } = wanted;
  const how = { rules, everyProfile: true, withFixes, options: judgeOptions(context, wanted) };
  const judged: CheckedProject[] = [];
  for (const request of requests) judged.push(await checkProject(context, request, how));
  if (wanted.writeBaseline !== undefined) await writeBaseline(context, wanted.writeBaseline, judged);
  const baseline = wanted.writeBaseline ?? wanted.baseline;
  const isListed = baseline === undefined ? undefined : await loadBaseline(context, baseline);
  const projects = judged.map((project) => ({
    ...project,
    findings: project.findings.filter(({ fingerprint }) => isListed?.(project.directory, fingerprint) !== true),
  }));
  const findings = projects.flatMap((project) => project.findings);
  const ignored = projects.flatMap((project) => project.ignored.map(({ finding }) => finding));
  const files = [...findings, ...ignored].flatMap(({ labels, also, fix }) => [
    ...[...labels, ...also].map(({ span }) => span.file),
    ...(fix !== undefined && "edits" in fix ? fix.edits.map(({ file }) => file) : []),
  ]);
  let texts: CheckResult["texts"] | undefined;
  const isPartial = projects.some(({ errors, gaps }) => errors.length > 0 || gaps.length > 0);
  const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
  const fails = findings.some(
    ({ judgement, severity }) => judgement === "fault" && ranks[severity] <= ranks[wanted.failOn],
  );
  return {
    rules,
    projects,
    get texts() {
      return (texts ??= readTexts(context.ports.sources, files));
    },
    exitCode: isPartial ? 2 : fails ? 1 : 0,
  };
}
