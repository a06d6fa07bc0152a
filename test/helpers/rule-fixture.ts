import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Finding, Label } from "../../src/core/finding.ts";
import { nodeSources } from "../../src/node/node-sources.ts";
import type { Random } from "../../src/ports/random.ts";
import type { Sources } from "../../src/ports/sources.ts";
import { judgeSubject, type Judgement } from "../../src/rules/judge-subject.ts";
import { loadSubject } from "../../src/rules/load-subject.ts";
import { RULES } from "../../src/rules/registry.gen.ts";
import type { Rule } from "../../src/rules/rule.ts";

/** The same bytes every time, so that generated passwords can stand in recorded files. */
export const fixedRandom: Random = { bytes: (length) => new Uint8Array(length).fill(7) };

/** Judges the project in a directory as `bulkhead check DIRECTORY` does, with a shell that has set nothing. */
export function judgeFixture(
  directory: string,
  { rules = RULES, sources = nodeSources }: { rules?: readonly Rule[]; sources?: Sources } = {},
): readonly Judgement[] {
  const request = {
    cwd: directory,
    files: [],
    projectName: undefined,
    projectDirectory: undefined,
    profiles: [],
    envFiles: [],
    env: {},
  };
  const { outcome, subject } = loadSubject(request, sources, fixedRandom);
  if (subject === undefined) {
    throw new Error(`${directory} cannot be read: ${outcome.faults.map(({ message }) => message).join("; ")}`);
  }
  return judgeSubject(subject, rules);
}

/** Everything a finding says, a line each, with the text under every span: what fixtures record. */
export function describeFinding(finding: Finding, directory: string): string {
  const place = ({ span, text }: Label) => {
    const bytes = readFileSync(span.file).subarray(span.start, span.end);
    const underlined = JSON.stringify(bytes.toString("utf8"));
    return `${relative(directory, span.file)}:${span.line}:${span.column} ${underlined} ${text}`;
  };
  const { rule, judgement, severity, confidence, message, labels, also, services, effective, consequence, notes } =
    finding;
  const level = judgement === "unknown" ? "unknown" : severity;
  return [
    `${level}[${rule}]${confidence === "likely" ? " (likely)" : ""} ${message}`,
    ...labels.map((label) => `  at ${place(label)}`),
    ...also.map((label) => `  also ${place(label)}`),
    `  services: ${services.join(", ")}`,
    ...(effective === undefined ? [] : [`  effective: ${effective}`]),
    ...(consequence === undefined ? [] : [`  consequence: ${consequence}`]),
    ...notes.map((note) => `  note: ${note}`),
    `  evidence: ${finding.evidence.join(" | ")}`,
  ]
    .map((line) => `${line.replaceAll(directory, ".")}\n`)
    .join("");
}
