import type { ComposeFault } from "../../compose/compose-fault.ts";
import { faultsError } from "../../compose/faults.ts";
import type { LoadRequest } from "../../compose/load-request.ts";
import type { Finding } from "../../core/finding.ts";
import { isToolError, type ToolError } from "../../core/tool-error.ts";
import { applyIgnores, findIgnores } from "../../rules/apply-ignores.ts";
import { compareFindings } from "../../rules/compare-findings.ts";
import { createJudge } from "../../rules/create-judge.ts";
import { fingerprint } from "../../rules/fingerprint.ts";
import { identityOf } from "../../rules/identity-of.ts";
import { judgeSubject } from "../../rules/judge-subject.ts";
import { loadSubject } from "../../rules/load-subject.ts";
import type { Rule } from "../../rules/rule.ts";
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

/**
 * Loads and judges one project; what cannot be read is part of the result. With `everyProfile` also once with each
 * profile that is not active: what is only found then says so.
 */
export function checkProject(
  context: ActionContext,
  request: LoadRequest,
  rules: readonly Rule[],
  { everyProfile, sameServer }: { readonly everyProfile: boolean; readonly sameServer: boolean },
): CheckedProject {
  const { sources, random, clock } = context.ports;
  const options = { sameServer, today: new Date(clock.now()).toISOString().slice(0, 10) };
  try {
    const { outcome, subject } = loadSubject(request, sources, random, options);
    if (subject === undefined) return { ...nothing(request), errors: [faultsError(outcome.faults)] };
    const { name, directory, files, profiles } = subject.project;
    const own = judgeSubject(subject, rules).map(({ finding }) => finding);
    const others = everyProfile ? profiles.declared.filter((profile) => !profiles.active.includes(profile)) : [];
    const findings = others.reduce((found, profile) => {
      const judge = createJudge({ ...request, profiles: [...profiles.active, profile] }, rules, { random, options });
      const more = judge(sources).judgements.map(({ finding }) => finding);
      return [...found, ...onlyNew(more, found).map((finding) => onlyWith(profile, finding))];
    }, own);
    const ignores = subject.project.sources.flatMap(({ path, found }) => {
      const read = found ? sources.read(path) : undefined;
      return read?.kind === "file" ? findIgnores(path, new TextDecoder().decode(read.bytes)) : [];
    });
    const judged = applyIgnores(findings, ignores, new Set(rules.map(({ id }) => id)));
    const named = (finding: Finding): CheckedFinding => ({ ...finding, fingerprint: fingerprint(finding, directory) });
    return {
      name,
      directory,
      files,
      findings: judged.findings.toSorted(compareFindings).map(named),
      ignored: judged.ignored.map(({ finding, ignore }) => ({ finding: named(finding), reason: ignore.reason })),
      gaps: outcome.gaps,
      errors: [],
    };
  } catch (error) {
    if (!isToolError(error)) throw error;
    return { ...nothing(request), errors: [error] };
  }
}

function onlyNew(findings: readonly Finding[], known: readonly Finding[]): readonly Finding[] {
  const identities = new Set(known.map(identityOf));
  return findings.filter((finding) => finding.judgement === "fault" && !identities.has(identityOf(finding)));
}

function onlyWith(profile: string, finding: Finding): Finding {
  return { ...finding, notes: [...finding.notes, `Only with \`--profile ${profile}\`.`] };
}

function nothing(request: LoadRequest): Omit<CheckedProject, "errors"> {
  return { name: undefined, directory: request.cwd, files: request.files, findings: [], ignored: [], gaps: [] };
}
