import type { CheckResult } from "../../../actions/check.ts";
import type { CheckedFinding } from "../../../actions/check/check-project.ts";
import type { Finding, Label } from "../../../core/finding.ts";
import { placeRegion } from "./place-region.ts";

export interface SarifFacts {
  /** Bulkhead's version. */
  readonly version: string;
  /** A path as a URI relative to the working directory. */
  readonly place: (file: string) => string;
}

/**
 * A check as SARIF 2.1.0: related locations and a code flow for the chain of places, fixes as byte replacements,
 * fingerprints of the evidence, ignored findings as suppressed results.
 */
export function renderSarif(result: CheckResult, { version, place }: SarifFacts): string {
  const { projects, rules, texts } = result;
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const physical = ({ span }: Label) => {
    const { startLine, startColumn, endLine, endColumn } = placeRegion(span, texts.get(span.file));
    return {
      artifactLocation: { uri: place(span.file) },
      region: {
        startLine,
        startColumn,
        endLine,
        endColumn,
        byteOffset: span.start,
        byteLength: span.end - span.start,
      },
    };
  };
  const location = (label: Label) => ({ physicalLocation: physical(label), message: { text: label.text } });
  const resultOf = (finding: CheckedFinding, reason?: string) => ({
    ruleId: finding.rule,
    ...(index.has(finding.rule) ? { ruleIndex: index.get(finding.rule) } : {}),
    kind: finding.judgement === "unknown" ? "review" : "fail",
    level: levelOf(finding),
    message: { text: messageText(finding) },
    locations: [{ physicalLocation: physical(finding.labels[0]) }],
    relatedLocations: [...finding.labels.slice(1), ...finding.also].map((label, id) => ({
      id: id + 1,
      ...location(label),
    })),
    ...(finding.labels.length > 1
      ? {
          codeFlows: [
            {
              threadFlows: [{ locations: finding.labels.toReversed().map((label) => ({ location: location(label) })) }],
            },
          ],
        }
      : {}),
    ...fixesOf(finding, place),
    partialFingerprints: { "bulkhead/v1": finding.fingerprint },
    properties: { confidence: finding.confidence, services: finding.services },
    ...(reason === undefined ? {} : { suppressions: [{ kind: "inSource", justification: reason }] }),
  });
  const results = projects.flatMap(({ findings, ignored }) => [
    ...findings.map((finding) => resultOf(finding)),
    ...ignored.map(({ finding, reason }) => resultOf(finding, reason)),
  ]);
  const failures = projects.flatMap(({ errors, gaps }) => [...errors, ...gaps]);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "bulkhead",
            version,
            rules: rules.map(({ id, summary, severity }) => ({
              id,
              shortDescription: { text: summary },
              defaultConfiguration: { level: severity === "info" ? "note" : severity },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map(({ message }) => ({ level: "error", message: { text: message } })),
          },
        ],
        columnKind: "unicodeCodePoints",
        results,
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function levelOf({ judgement, severity }: Finding): string {
  if (judgement === "unknown") return "none";
  return severity === "info" ? "note" : severity;
}

function messageText({ message, consequence, effective }: Finding): string {
  const sentences = [message, effective === undefined ? undefined : `Value: ${effective}`];
  if (consequence !== undefined) sentences.push(`Then: ${consequence}`);
  return sentences.filter((text) => text !== undefined).join(". ");
}

function fixesOf({ fix }: Finding, place: (file: string) => string): Readonly<Record<string, unknown>> {
  if (fix === undefined || "refused" in fix || (fix.secrets ?? []).length > 0) return {};
  const files = [...new Set(fix.edits.map(({ file }) => file))];
  const artifactChanges = files.map((file) => ({
    artifactLocation: { uri: place(file) },
    replacements: fix.edits
      .filter((edit) => edit.file === file)
      .map(({ start, end, text }) => ({
        deletedRegion: { byteOffset: start, byteLength: end - start },
        insertedContent: { text },
      })),
  }));
  return { fixes: [{ description: { text: fix.title }, artifactChanges }] };
}
