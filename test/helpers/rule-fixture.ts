import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import type { Finding, Label } from "../../src/core/finding.ts";
import { nodeSources } from "../../src/node/node-sources.ts";
import type { Random } from "../../src/ports/random.ts";
import { overlaySources } from "../../src/edit/overlay-sources.ts";
import { applyFixes } from "../../src/rules/apply-fixes.ts";
import { createJudge } from "../../src/rules/create-judge.ts";
import { RULES } from "../../src/rules/registry.gen.ts";
import type { Rule } from "../../src/rules/rule.ts";
import type { Judge } from "../../src/rules/verify-fix.ts";
import { requestFor } from "./request-for.ts";

/** The same bytes every time, so that generated passwords can stand in recorded files. */
export const fixedRandom: Random = { bytes: (length) => new Uint8Array(length).fill(7) };

/**
 * A judge of the project in a directory, as `bulkhead check DIRECTORY` has one, with a shell that has set nothing;
 * with `--same-server` where the directory's name says so.
 */
export function fixtureJudge(directory: string, rules: readonly Rule[] = RULES): Judge {
  const sameServer = basename(directory).endsWith("-same-server");
  const request = requestFor({ cwd: directory });
  return createJudge(request, rules, { random: fixedRandom, options: { sameServer, today: "2026-11-23" } });
}

/** What `bulkhead check DIRECTORY` finds. */
export function judgeFixture(directory: string): readonly Finding[] {
  const { outcome, judgements } = fixtureJudge(directory)(nodeSources);
  if (outcome.project === undefined) {
    throw new Error(`${directory} cannot be read: ${outcome.faults.map(({ message }) => message).join("; ")}`);
  }
  return judgements.map(({ finding }) => finding);
}

/** The files that a rule's fixes change in a directory, with their new texts, and what became of each fix. */
export function fixFixture(directory: string, id: string) {
  const repair = applyFixes(nodeSources, fixtureJudge(directory), ({ rule }) => rule.id === id);
  const repaired = overlaySources(nodeSources, repair.edits);
  const files = [...new Set(repair.edits.map(({ file }) => file))].map((file) => {
    const read = repaired.read(file);
    if (read.kind !== "file") throw new Error(`${file} is ${read.kind} after the fixes`);
    return { file, bytes: Buffer.from(read.bytes) };
  });
  return { ...repair, files };
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
