import type { LoadRequest } from "../compose/load-request.ts";
import type { Random } from "../ports/random.ts";
import { asIntended } from "./as-intended.ts";
import { identityOf } from "./identity-of.ts";
import { judgeSubject, type Judgement } from "./judge-subject.ts";
import { loadSubject } from "./load-subject.ts";
import type { JudgeOptions, Rule, Subject } from "./rule.ts";
import type { Judge } from "./verify-fix.ts";

/** A judge of one project: loads what a request means, from whatever files it is given, and runs rules over it. */
export function createJudge(
  request: LoadRequest,
  rules: readonly Rule[],
  { random, options }: { readonly random: Random; readonly options: JudgeOptions },
): Judge {
  return (sources, { withHidden } = { withHidden: false }) => {
    const { outcome, subject } = loadSubject(request, sources, random, options);
    if (subject === undefined) return { outcome, judgements: [] };
    return { outcome, judgements: withHidden ? judgeHidden(subject, rules) : judgeSubject(subject, rules) };
  };
}

/** With what other faults hide: their consequences, and what a connection's wrong host keeps from being seen. */
function judgeHidden(subject: Subject, rules: readonly Rule[]): readonly Judgement[] {
  const judgements = judgeSubject(subject, rules, { withHidden: true });
  const topology = asIntended(subject);
  if (topology === subject.topology) return judgements;
  const known = new Set(judgements.map(({ finding }) => identityOf(finding)));
  const behind = judgeSubject({ ...subject, topology }, rules, { withHidden: true });
  return [...judgements, ...behind.filter(({ finding }) => !known.has(identityOf(finding)))];
}
