import type { LoadRequest } from "../compose/load-request.ts";
import type { Random } from "../ports/random.ts";
import { judgeSubject } from "./judge-subject.ts";
import { loadSubject } from "./load-subject.ts";
import type { JudgeOptions, Rule } from "./rule.ts";
import type { Judge } from "./verify-fix.ts";

/** A judge of one project: loads what a request means, from whatever files it is given, and runs rules over it. */
export function createJudge(
  request: LoadRequest,
  rules: readonly Rule[],
  { random, options }: { readonly random: Random; readonly options: JudgeOptions },
): Judge {
  return (sources, { withHidden } = { withHidden: false }) => {
    const { outcome, subject } = loadSubject(request, sources, random, options);
    return { outcome, judgements: subject === undefined ? [] : judgeSubject(subject, rules, { withHidden }) };
  };
}
