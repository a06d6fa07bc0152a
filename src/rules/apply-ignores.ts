import type { Finding } from "../core/finding.ts";
import type { Span } from "../core/span.ts";
import { createSourceText } from "../compose/source-text.ts";

/** One `# bulkhead: ignore RULE: reason`. */
export interface Ignore {
  readonly rule: string;
  /** Empty: not given, and then it ignores nothing. */
  readonly reason: string;
  /** The comment. */
  readonly span: Span;
  /** Line it speaks of: its own, or the next one that is not a comment when it stands alone. 1-based. */
  readonly line: number;
}

export interface IgnoredFinding {
  readonly finding: Finding;
  readonly ignore: Ignore;
}

/** Ignores in one file, in order. Several rules in one comment share its reason. */
export function findIgnores(file: string, text: string): readonly Ignore[] {
  const source = createSourceText(file, text);
  const lines = text.split("\n");
  let offset = 0;
  return lines.flatMap((content, at) => {
    const start = offset;
    offset += content.length + 1;
    const match = /#\s*bulkhead:\s*ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*(?::\s*(.*?))?\s*$/.exec(content);
    if (match === null) return [];
    const isAlone = content.slice(0, match.index).trim() === "";
    const line = isAlone ? nextContent(lines, at) : at;
    const span = source.span(start + match.index, start + match.index + match[0].trimEnd().length);
    return (match[1] ?? "")
      .split(",")
      .map((rule) => ({ rule: rule.trim(), reason: match[2] ?? "", span, line: line + 1 }));
  });
}

function nextContent(lines: readonly string[], from: number): number {
  const next = lines.findIndex((line, at) => at > from && line.trim() !== "" && !line.trimStart().startsWith("#"));
  return next === -1 ? from : next;
}

/**
 * Takes out what an ignore with a reason speaks of: a finding of its rule with any label on its line. Adds findings for
 * ignores that did nothing (`unused-ignore`) and for those without a reason (`ignore-without-reason`). `judged` are the
 * rules that ran: an ignore of another rule is not unused.
 */
export function applyIgnores(
  findings: readonly Finding[],
  ignores: readonly Ignore[],
  judged: ReadonlySet<string>,
): { readonly findings: readonly Finding[]; readonly ignored: readonly IgnoredFinding[] } {
  const ignored: IgnoredFinding[] = [];
  const kept = findings.filter((finding) => {
    const ignore = ignores.find((one) => one.reason !== "" && speaksOf(one, finding));
    if (ignore !== undefined) ignored.push({ finding, ignore });
    return ignore === undefined;
  });
  const used = new Set(ignored.map(({ ignore }) => ignore));
  const added = ignores.flatMap((ignore) => {
    if (ignore.reason === "") return [aboutIgnore("ignore-without-reason", ignore)];
    return used.has(ignore) || !judged.has(ignore.rule) ? [] : [aboutIgnore("unused-ignore", ignore)];
  });
  return { findings: [...kept, ...added], ignored };
}

function speaksOf(ignore: Ignore, finding: Finding): boolean {
  return (
    ignore.rule === finding.rule &&
    [...finding.labels, ...finding.also].some(({ span }) => span.file === ignore.span.file && span.line === ignore.line)
  );
}

function aboutIgnore(rule: "unused-ignore" | "ignore-without-reason", ignore: Ignore): Finding {
  const unused = rule === "unused-ignore";
  return {
    rule,
    judgement: "fault",
    severity: "warning",
    confidence: "certain",
    message: unused
      ? `This comment ignores ${ignore.rule}, which finds nothing here`
      : `This comment ignores ${ignore.rule} without a reason, so it has no effect`,
    labels: [{ span: ignore.span, text: unused ? "nothing to ignore" : "write `: reason` behind the rule" }],
    also: [],
    services: [],
    evidence: [ignore.rule, String(ignore.line)],
    notes: [],
  };
}
