import type { Finding, RefusedFix } from "../core/finding.ts";
import type { Fix, FixClass, TextEdit } from "../core/fix.ts";
import { composeEdits } from "../edit/compose-edits.ts";
import { overlaySources } from "../edit/overlay-sources.ts";
import type { Sources } from "../ports/sources.ts";
import { identityOf } from "./identity-of.ts";
import type { Judgement } from "./judge-subject.ts";
import { verifyFix, type Judge, type Judged } from "./verify-fix.ts";

/** More than any project needs; a rule whose fix provokes another's would go on without end. */
const maximumFixes = 500;

/** What repairing in memory came to. Nothing is written yet. */
export interface Repair {
  /** All fixes as edits of the original texts. */
  readonly edits: readonly TextEdit[];
  /** In the order they were made, each on the result of those before. */
  readonly fixed: readonly { readonly finding: Finding; readonly fix: Fix }[];
  readonly refused: readonly { readonly finding: Finding; readonly fix: RefusedFix }[];
  /** What is found in the repaired project. */
  readonly after: Judged;
}

/**
 * Makes every fix that is wanted, one after the other, each verified and planned anew on the result of the last, until
 * none is left. A second run on the result therefore makes none. A fix that was refused is tried again after another one
 * changed the project.
 *
 * @param isWanted is asked before a fix is planned; `current` are the texts that the finding points into
 * @param classes of fixes that may be made
 */
export function applyFixes(
  sources: Sources,
  judge: Judge,
  isWanted: (judgement: Judgement, current: Sources) => boolean,
  classes: readonly FixClass[] = ["safe", "behaviour", "data"],
): Repair {
  let edits: readonly TextEdit[] = [];
  let current = sources;
  let judged = judge(current);
  const fixed: { finding: Finding; fix: Fix }[] = [];
  const refused = new Map<string, { finding: Finding; fix: RefusedFix }>();
  const tried = new Set<string>();
  const isOpen = (judgement: Judgement) =>
    judgement.planFix !== undefined && !tried.has(identityOf(judgement.finding)) && isWanted(judgement, current);
  while (fixed.length < maximumFixes) {
    const next = judged.judgements.find(isOpen);
    if (next === undefined) break;
    const { finding } = next;
    const identity = identityOf(finding);
    tried.add(identity);
    const planned = next.planFix?.();
    if (planned === undefined || !classes.includes(planned.class)) continue;
    const before = judge(current, { withHidden: true });
    const fix = verifyFix(finding, planned, { sources: current, judge, before });
    if ("refused" in fix) {
      refused.set(identity, { finding, fix });
      continue;
    }
    edits = composeEdits(edits, fix.edits);
    current = overlaySources(sources, edits);
    judged = judge(current);
    fixed.push({ finding, fix });
    refused.clear();
    tried.clear();
  }
  return { edits, fixed, refused: [...refused.values()], after: judged };
}
