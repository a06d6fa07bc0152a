import type { Finding } from "../../core/finding.ts";
import type { Sources } from "../../ports/sources.ts";
import type { Judgement } from "../../rules/judge-subject.ts";
import { verifyFix, type Judge, type Judged } from "../../rules/verify-fix.ts";

/** To try a fix the whole project is loaded again: so many services may be, over all its fixes; about fifteen seconds. */
const maximumReloads = 10_000;

/**
 * A way to complete findings with their repairs, each tried in memory before it is offered. In a project of many services
 * only the first get one; the others say so.
 *
 * @param services how many the project has
 */
export function createFixOffer(sources: Sources, judge: Judge, services: number): (judgement: Judgement) => Finding {
  const maximum = Math.ceil(maximumReloads / Math.max(services, 1));
  let tried = 0;
  let before: Judged | undefined;
  return ({ finding, planFix }) => {
    if (planFix === undefined) return finding;
    if (tried >= maximum) {
      const note = `Its repair was not looked for: with ${services} services, those of ${maximum} findings are at a time`;
      return { ...finding, notes: [...finding.notes, note] };
    }
    const planned = planFix();
    if (planned === undefined) return finding;
    tried++;
    before ??= judge(sources, { withHidden: true });
    return { ...finding, fix: verifyFix(finding, planned, { sources, judge, before }) };
  };
}
