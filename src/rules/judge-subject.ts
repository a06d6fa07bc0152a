import type { Finding, Label } from "../core/finding.ts";
import type { Fix } from "../core/fix.ts";
import { compareFindings } from "./compare-findings.ts";
import type { Fault, Rule, Subject, Unknown } from "./rule.ts";

/** A finding before its fix is worked out. */
export interface Judgement {
  readonly rule: Rule;
  readonly finding: Finding;
  /** Works the fix out; undefined: this rule has none here. */
  readonly planFix: (() => Fix | undefined) | undefined;
}

/**
 * Runs rules over a loaded project: one judgement a root cause, errors first, then by place. Faults of one rule at one
 * place are one; a fault whose cause another rule tells is left out (`Rule.hiddenBy`) unless `withHidden`.
 */
export function judgeSubject(
  subject: Subject,
  rules: readonly Rule[],
  { withHidden = false }: { readonly withHidden?: boolean } = {},
): readonly Judgement[] {
  const told = rules.flatMap((rule) => mergeByPlace([...rule.check(subject)]).map((fault) => ({ rule, fault })));
  const causes = new Map<string, ReadonlySet<string>>();
  for (const { rule, fault } of told) {
    if (fault.judgement === "unknown") continue;
    causes.set(rule.id, new Set([...(causes.get(rule.id) ?? []), ...(fault.about ?? [])]));
  }
  const isHidden = (rule: Rule, { about = [] }: Fault | Unknown) =>
    (rule.hiddenBy ?? []).some((id) => about.some((thing) => causes.get(id)?.has(thing) === true));
  return told
    .filter(({ rule, fault }) => withHidden || !isHidden(rule, fault))
    .map(({ rule, fault }) => complete(rule, fault))
    .toSorted((left, right) => compareFindings(left.finding, right.finding));
}

/** Faults with the same primary span are one root cause; the further places are `also`. */
function mergeByPlace(faults: readonly (Fault | Unknown)[]): (Fault | Unknown)[] {
  const merged = new Map<string, Fault | Unknown>();
  for (const fault of faults) {
    const { span } = fault.labels[0];
    const key = `${fault.judgement ?? "fault"} ${span.file} ${span.start} ${span.end}`;
    const first = merged.get(key);
    merged.set(key, first === undefined ? fault : joined(first, fault));
  }
  return [...merged.values()];
}

function joined(first: Fault | Unknown, other: Fault | Unknown): Fault | Unknown {
  const services = [...new Set([...first.services, ...other.services])];
  const about = [...new Set([...(first.about ?? []), ...(other.about ?? [])])];
  if (first.judgement === "unknown") return { ...first, services, about };
  const known = [...first.labels, ...(first.also ?? [])];
  const also = [
    ...(first.also ?? []),
    ...other.labels.filter((label) => !known.some((one) => isSamePlace(one, label))),
  ];
  return { ...first, services, about, also };
}

function isSamePlace(left: Label, right: Label): boolean {
  return left.span.file === right.span.file && left.span.start === right.span.start && left.span.end === right.span.end;
}

function complete(rule: Rule, fault: Fault | Unknown): Judgement {
  const { labels, message, services, evidence } = fault;
  const common = { rule: rule.id, message, labels, services, evidence };
  if (fault.judgement === "unknown") {
    return {
      rule,
      finding: { ...common, judgement: "unknown", severity: "info", confidence: "certain", also: [], notes: [] },
      planFix: undefined,
    };
  }
  const { effective, consequence } = fault;
  return {
    rule,
    finding: {
      ...common,
      judgement: "fault",
      severity: fault.severity ?? rule.severity,
      confidence: fault.confidence ?? "certain",
      also: fault.also ?? [],
      notes: fault.notes ?? [],
      ...(effective === undefined ? {} : { effective }),
      ...(consequence === undefined ? {} : { consequence }),
    },
    planFix: fault.fix,
  };
}
