import type { Finding } from "../../../core/finding.ts";
import { placeRegion } from "./place-region.ts";
import { renderConcise } from "./render-concise.ts";

/**
 * A finding as GitHub's workflow command. The place stands in the text too: only ten annotations a step are shown on the
 * page, and the parameters do not reach the log.
 * Source: docs.github.com, "Workflow commands for GitHub Actions", setting an error message.
 */
export function renderGithub(
  finding: Finding,
  { texts, place }: { readonly texts: ReadonlyMap<string, string>; readonly place: (file: string) => string },
): string {
  const { span } = finding.labels[0];
  const region = placeRegion(span, texts.get(span.file));
  const level =
    finding.judgement === "unknown" || finding.severity === "info"
      ? "notice"
      : finding.severity === "error"
        ? "error"
        : "warning";
  const parameters = [
    `file=${escapeProperty(place(span.file))}`,
    `line=${region.startLine}`,
    `col=${region.startColumn}`,
    `endLine=${region.endLine}`,
    `endColumn=${region.endColumn}`,
    `title=${escapeProperty(`bulkhead: ${finding.rule}`)}`,
  ];
  return `::${level} ${parameters.join(",")}::${escapeData(renderConcise(finding, place))}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
