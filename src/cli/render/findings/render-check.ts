import { relative } from "node:path";
import type { CheckResult } from "../../../actions/check.ts";
import type { Finding } from "../../../core/finding.ts";
import type { ComposeFault } from "../../../compose/compose-fault.ts";
import type { Look } from "../look.ts";
import { paint } from "../styles.ts";
import { renderConcise } from "./render-concise.ts";
import { renderGithub } from "./render-github.ts";
import { renderJunit } from "./render-junit.ts";
import { renderPretty } from "./render-pretty.ts";
import { renderSarif } from "./render-sarif.ts";

export interface CheckLook {
  readonly format: "pretty" | "concise" | "sarif" | "github" | "junit";
  readonly look: Look;
  /** Absolute; paths are shown relative to it. */
  readonly cwd: string;
  /** Bulkhead's. */
  readonly version: string;
}

/** The result of a check in one of its formats; for people nothing where nothing was found. */
export function renderCheck(result: CheckResult, { format, look, cwd, version }: CheckLook): string {
  const { projects, texts } = result;
  const findings = projects.flatMap((project) => project.findings);
  const place = (file: string) => {
    const path = relative(cwd, file).replaceAll("\\", "/");
    return path.startsWith("../../..") ? file : path;
  };
  switch (format) {
    case "sarif":
      return renderSarif(result, { version, place });
    case "junit":
      return renderJunit(projects, place);
    case "github":
      return findings.map((finding) => renderGithub(finding, { texts, place })).join("\n");
    case "concise":
      return findings.map((finding) => renderConcise(finding, place)).join("\n");
    case "pretty": {
      const gaps = projects.flatMap((project) => project.gaps).map((gap) => renderGap(gap, place, look));
      const blocks = findings.map((finding) => renderPretty(finding, { texts, place, look }));
      const ignored = projects.reduce((sum, project) => sum + project.ignored.length, 0);
      return [...blocks, ...gaps, ...summary(findings, ignored, look)].join("\n\n");
    }
  }
}

function renderGap({ message, span, hint }: ComposeFault, place: (file: string) => string, look: Look): string {
  const where = span === undefined ? "" : `${place(span.file)}:${span.line}:${span.column}: `;
  const lines = (hint ?? "").split("\n").filter((line) => line !== "");
  return [
    `${paint(look, "yellow", "warning:")} ${where}${message}. What depends on it was not judged.`,
    ...lines.map((line) => `  ${paint(look, "cyan", line)}`),
  ].join("\n");
}

function summary(findings: readonly Finding[], ignored: number, look: Look): string[] {
  const faults = findings.filter(({ judgement }) => judgement === "fault");
  const amounts = [
    ...(["error", "warning", "info"] as const).map((severity) => ({
      amount: faults.filter((finding) => finding.severity === severity).length,
      word: severity,
    })),
    { amount: findings.length - faults.length, word: "unknown" },
    { amount: ignored, word: "ignored" },
  ].filter(({ amount, word }) => amount > 0 && (word !== "ignored" || findings.length > 0));
  if (amounts.length === 0) return [];
  const words = amounts.map(({ amount, word }) =>
    amount === 1 || !["error", "warning"].includes(word) ? `${amount} ${word}` : `${amount} ${word}s`,
  );
  return [paint(look, "bold", words.join(", "))];
}
