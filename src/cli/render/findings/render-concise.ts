import type { Finding } from "../../../core/finding.ts";

/** A finding in one line: `compose.yaml:3:5: error[shared-database] message`. */
export function renderConcise(finding: Finding, place: (file: string) => string): string {
  const { span } = finding.labels[0];
  const level = finding.judgement === "unknown" ? "unknown" : finding.severity;
  return `${place(span.file)}:${span.line}:${span.column}: ${level}[${finding.rule}] ${finding.message}`;
}
