import type { LoadOutcome } from "../compose/load-outcome.ts";
import type { Project } from "../compose/project.ts";
import type { Finding, RefusedFix } from "../core/finding.ts";
import type { Fix } from "../core/fix.ts";
import { areApart } from "../edit/apply-edits.ts";
import { overlaySources } from "../edit/overlay-sources.ts";
import { isInside } from "../edit/project-texts.ts";
import type { Sources } from "../ports/sources.ts";
import { changedPaths } from "./changed-paths.ts";
import { identityOf } from "./identity-of.ts";
import type { Judgement } from "./judge-subject.ts";
import { readSpan } from "./read-span.ts";

/** A project as it was loaded and what was found in it. */
export interface Judged {
  readonly outcome: LoadOutcome;
  readonly judgements: readonly Judgement[];
}

/**
 * Loads the project through `sources` and judges it. `withHidden`: also faults that another rule's fault is the cause of,
 * so that a repair of the cause, which lets them be seen, is not taken for theirs.
 */
export type Judge = (sources: Sources, options?: { readonly withHidden: boolean }) => Judged;

/** What a fix is tried on. */
export interface Trial {
  readonly sources: Sources;
  readonly judge: Judge;
  /** What `judge(sources, { withHidden: true })` gives. */
  readonly before: Judged;
}

/**
 * Tries a fix in memory: the project must load, the finding be gone and none new, and the canonical model be changed only
 * where the fix means to. All bytes outside of its edits stay by construction. Gives the fix back, or why it is refused.
 */
export function verifyFix(finding: Finding, fix: Fix, { sources, judge, before }: Trial): Fix | RefusedFix {
  const refuse = (refused: string): RefusedFix => ({ class: fix.class, title: fix.title, refused });
  const { project } = before.outcome;
  if (project === undefined) return refuse("the project cannot be loaded");
  if (fix.edits.length === 0) return refuse("it changes no text");
  const outside = fix.edits.find(({ file }) => !isInside(project.directory, file));
  if (outside !== undefined) return refuse(`${outside.file} is outside of the project directory ${project.directory}`);
  if (!areApart(fix.edits)) return refuse("two of its edits overlap");
  let edited: Sources;
  try {
    edited = overlaySources(sources, fix.edits);
  } catch (error) {
    if (error instanceof RangeError) return refuse(error.message);
    throw error;
  }
  const after = judge(edited);
  const reason =
    newFault(before.outcome, after.outcome) ??
    sameFinding(finding, before, after) ??
    newFinding(finding, fix, edited, before, after) ??
    strayChange(fix, project, after.outcome.project);
  return reason === undefined ? fix : refuse(reason);
}

function newFault(before: LoadOutcome, after: LoadOutcome): string | undefined {
  const known = new Set(before.faults.map(({ message }) => message));
  const fault = after.faults.find(({ message }) => !known.has(message));
  if (fault !== undefined) return `afterwards Compose would refuse the project: ${fault.message}`;
  return after.project === undefined ? "afterwards the project cannot be loaded" : undefined;
}

function sameFinding(finding: Finding, before: Judged, after: Judged): string | undefined {
  const identity = identityOf(finding);
  const isThere = (count(after).get(identity) ?? 0) >= (count(before).get(identity) ?? 1);
  return isThere ? "afterwards the finding is still there" : undefined;
}

function newFinding(repaired: Finding, fix: Fix, edited: Sources, before: Judged, after: Judged): string | undefined {
  const { copies = {}, reveals = [] } = fix;
  const known = count(before);
  const times = count(after);
  const isNew = ({ finding }: Judgement): boolean => {
    if (finding.judgement === "unknown") return false;
    if (finding.rule !== repaired.rule && finding.services.some((service) => reveals.includes(service))) return false;
    // Where the new secret lies is for the user to guard; the finding stays for him to see.
    if (fix.secrets?.includes(readSpan(edited, finding.labels[0].span) ?? "") === true) return false;
    const identity = identityOf(finding);
    return (
      (times.get(identity) ?? 0) > (known.get(identity) ?? 0) && !known.has(identityOf(asOfModel(finding, copies)))
    );
  };
  const found = after.judgements.find(isNew)?.finding;
  return found === undefined ? undefined : `afterwards there is a new ${found.rule}: ${found.message}`;
}

/** The finding as it would be told of the service that a new one is modelled on. */
function asOfModel(finding: Finding, copies: Readonly<Record<string, string>>): Finding {
  return { ...finding, evidence: finding.evidence.map((text) => copies[text] ?? text) };
}

function count({ judgements }: Judged): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { finding } of judgements) {
    if (finding.judgement === "unknown") continue;
    const identity = identityOf(finding);
    counts.set(identity, (counts.get(identity) ?? 0) + 1);
  }
  return counts;
}

function strayChange(fix: Fix, before: Project, after: Project | undefined): string | undefined {
  const stray = changedPaths(before, after).find(
    (path) => !fix.touches.some((prefix) => prefix.every((key, at) => key === path[at])),
  );
  return stray === undefined ? undefined : `it would also change ${stray.join(".")}`;
}
