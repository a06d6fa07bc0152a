import type { ComposeFault } from "../../compose/compose-fault.ts";
import { faultsError } from "../../compose/faults.ts";
import type { LoadRequest } from "../../compose/load-request.ts";
import type { Finding } from "../../core/finding.ts";
import { isToolError, type ToolError } from "../../core/tool-error.ts";
import { rememberSources } from "../../edit/remember-sources.ts";
import type { Sources } from "../../ports/sources.ts";
import { applyIgnores, findIgnores, type Ignore } from "../../rules/apply-ignores.ts";
import { compareFindings } from "../../rules/compare-findings.ts";
import { createJudge } from "../../rules/create-judge.ts";
import { identityOf } from "../../rules/identity-of.ts";
import type { Judgement } from "../../rules/judge-subject.ts";
import type { JudgeOptions, Rule } from "../../rules/rule.ts";
import type { ActionContext } from "../context.ts";

/** A finding with the name it keeps from run to run. */
export type CheckedFinding = Finding & { readonly fingerprint: string };

/** One project with what was found in it. */
export interface CheckedProject {
  /** Undefined: its name could not be read. */
  readonly name: string | undefined;
  readonly directory: string;
  /** Absolute Compose files in merge order. */
  readonly files: readonly string[];
  readonly findings: readonly CheckedFinding[];
  /** What an inline ignore took out, with its reason. */
  readonly ignored: readonly { readonly finding: CheckedFinding; readonly reason: string }[];
  /** What keeps a part of the project from being seen. */
  readonly gaps: readonly ComposeFault[];
  /** Why nothing of the project could be judged. */
  readonly errors: readonly ToolError[];
}

export interface CheckProjectOptions {
  readonly rules: readonly Rule[];
  /** Judge also with each profile that is not active; what is only found then says so. */
  readonly everyProfile: boolean;
  /** Give each finding its repair, tried in memory: nearly all the time that a check with findings takes. */
  readonly withFixes: boolean;
  readonly options: JudgeOptions;
}

/** Loads and judges one project, `withFixes` with a verified repair for each finding that has one. Faults are part of the result. */
export async function checkProject(
  context: ActionContext,
  request: LoadRequest,
  { rules, everyProfile, withFixes, options }: CheckProjectOptions,
): Promise<CheckedProject> {
  const sources = rememberSources(context.ports.sources);
  const judgeOf = (one: LoadRequest) => createJudge(one, rules, { random: context.ports.random, options });
  const nothing = {
    name: undefined,
    directory: request.cwd,
    files: request.files,
    findings: [],
    ignored: [],
    gaps: [],
  };
  try {
    const judge = judgeOf(request);
    const { outcome, judgements } = judge(sources);
    const { project, gaps } = outcome;
    if (project === undefined) return { ...nothing, errors: [faultsError(outcome.faults)] };
    const { name, directory, files, profiles } = project;
    const others = everyProfile ? profiles.declared.filter((profile) => !profiles.active.includes(profile)) : [];
    let complete = ({ finding }: Judgement): Finding => finding;
    if (withFixes && judgements.some(({ planFix }) => planFix !== undefined)) {
      const { createFixOffer } = await import("./offer-fix.ts");
      complete = createFixOffer(sources, judge, Object.keys(project.services).length);
    }
    const findings = others.reduce((found, profile) => {
      const more = judgeOf({ ...request, profiles: [...profiles.active, profile] })(sources).judgements;
      return [
        ...found,
        ...onlyNew(
          more.map(({ finding }) => finding),
          found,
        ).map((finding) => onlyWith(profile, finding)),
      ];
    }, judgements.map(complete));
    const read = project.sources.filter(({ found }) => found).map(({ path }) => path);
    const judged = applyIgnores(findings, readIgnores(sources, read), new Set(rules.map(({ id }) => id)));
    const checked = { name, directory, files, findings: [], ignored: [], gaps, errors: [] };
    if (judged.findings.length + judged.ignored.length === 0) return checked;
    const { fingerprint } = await import("../../rules/fingerprint.ts");
    const named = (finding: Finding): CheckedFinding => ({ ...finding, fingerprint: fingerprint(finding, directory) });
    return {
      ...checked,
      findings: judged.findings.toSorted(compareFindings).map(named),
      ignored: judged.ignored.map(({ finding, ignore }) => ({ finding: named(finding), reason: ignore.reason })),
    };
  } catch (error) {
    if (!isToolError(error)) throw error;
    return { ...nothing, errors: [error] };
  }
}

function onlyNew(findings: readonly Finding[], known: readonly Finding[]): readonly Finding[] {
  const identities = new Set(known.map(identityOf));
  return findings.filter((finding) => finding.judgement === "fault" && !identities.has(identityOf(finding)));
}

function onlyWith(profile: string, finding: Finding): Finding {
  return { ...finding, notes: [...finding.notes, `Only with \`--profile ${profile}\``] };
}

function readIgnores(sources: Sources, files: readonly string[]): readonly Ignore[] {
  return files.flatMap((file) => {
    const read = sources.read(file);
    return read.kind === "file" ? findIgnores(file, new TextDecoder().decode(read.bytes)) : [];
  });
}
