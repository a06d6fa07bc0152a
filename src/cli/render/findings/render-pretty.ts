import type { Finding, Severity } from "../../../core/finding.ts";
import { paint, type Style } from "../styles.ts";
import { renderFrames, type FrameFacts } from "./frame.ts";

const styles: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", info: "blue" };

/** One finding for people: the fact, its places, the value, what the application will say, and the repair. */
export function renderPretty(finding: Finding, facts: Omit<FrameFacts, "style">): string {
  const { look } = facts;
  const style = finding.judgement === "unknown" ? "magenta" : styles[finding.severity];
  const level = finding.judgement === "unknown" ? "unknown" : finding.severity;
  const word = (text: string) => paint(look, "bold", text);
  const lines = [
    `${paint(look, [style, "bold"], `${level}[${finding.rule}]`)}${word(`: ${finding.message}`)}`,
    ...renderFrames(finding.labels, { ...facts, style }),
    ...(finding.effective === undefined ? [] : [`  ${word("value:")} ${finding.effective}`]),
    ...(finding.also.length === 0 ? [] : [`  ${word("also:")} ${alsoPlaces(finding, facts)}`]),
    ...(finding.consequence === undefined ? [] : [`  ${word("then:")} ${finding.consequence}`]),
    ...finding.notes.map((note) => `  ${word("note:")} ${note}`),
    ...fixLines(finding, facts),
  ];
  return lines.join("\n");
}

function alsoPlaces({ also }: Finding, { place }: Omit<FrameFacts, "style">): string {
  return also.map(({ span, text }) => `${place(span.file)}:${span.line}${text === "" ? "" : ` (${text})`}`).join(", ");
}

function fixLines({ fix, rule }: Finding, { look }: Omit<FrameFacts, "style">): string[] {
  if (fix === undefined) return [];
  const title = `  ${paint(look, ["green", "bold"], "fix:")} ${fix.title}`;
  if ("refused" in fix) return [`${title} (not offered: ${fix.refused})`];
  const flag = fix.class === "safe" ? "--fix" : `--fix=${fix.class}`;
  const command =
    fix.class === "data" ? [] : [`       ${paint(look, "cyan", `bulkhead check ${flag} --rule ${rule}`)}`];
  return [title, ...command, ...(fix.remark === undefined ? [] : [`       ${fix.remark}`])];
}
