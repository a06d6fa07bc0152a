import type { CheckedFinding } from "../../../actions/check/check-project.ts";
import type { Finding, Label } from "../../../core/finding.ts";
import { placeRegion } from "./place-region.ts";

/** A finding as `check --json` tells it (docs/schema/check.schema.json). */
export function findingJson(
  finding: CheckedFinding,
  facts: {
    readonly project: string | null;
    readonly texts: ReadonlyMap<string, string>;
  },
): Readonly<Record<string, unknown>> {
  const place = (role: "primary" | "secondary" | "also") => (label: Label) => labelJson(label, role, facts.texts);
  const [first, ...rest] = finding.labels;
  const { rule, judgement, severity, confidence, message, services, evidence, effective, consequence, notes } = finding;
  return {
    rule,
    project: facts.project,
    fingerprint: finding.fingerprint,
    judgement,
    severity,
    confidence,
    message,
    services,
    evidence,
    places: [place("primary")(first), ...rest.map(place("secondary")), ...finding.also.map(place("also"))],
    effective: effective ?? null,
    consequence: consequence ?? null,
    notes,
    fix: fixJson(finding),
  };
}

function labelJson({ span, text }: Label, role: string, texts: ReadonlyMap<string, string>) {
  const { startLine, startColumn, endLine, endColumn, utf16Column } = placeRegion(span, texts.get(span.file));
  const bytes = { start: span.start, end: span.end };
  return { role, text, file: span.file, line: startLine, column: startColumn, utf16Column, endLine, endColumn, bytes };
}

/** Edits that hold a generated password are not told: `bulkhead check --fix` writes them. */
function fixJson({ fix }: Finding) {
  if (fix === undefined) return null;
  if ("refused" in fix) return { class: fix.class, title: fix.title, refused: fix.refused, edits: null, remark: null };
  const edits = (fix.secrets ?? []).length > 0 ? null : fix.edits;
  return { class: fix.class, title: fix.title, refused: null, edits, remark: fix.remark ?? null };
}
