import type { Finding } from "../../core/finding.ts";
import type { Sources } from "../../ports/sources.ts";
import type { Judgement } from "../../rules/judge-subject.ts";
import { verifyFix, type Judge, type Judged } from "../../rules/verify-fix.ts";

/** A way to complete findings with their repairs, each tried in memory before it is offered. */
export function createFixOffer(sources: Sources, judge: Judge): (judgement: Judgement) => Finding {
  let before: Judged | undefined;
  return ({ finding, planFix }) => {
    const planned = planFix?.();
    if (planned === undefined) return finding;
    before ??= judge(sources, { withHidden: true });
    return { ...finding, fix: verifyFix(finding, planned, { sources, judge, before }) };
  };
}
