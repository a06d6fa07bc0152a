import type { ErrorEntry } from "../envelope.ts";
import type { Look } from "./look.ts";
import { paint } from "./styles.ts";

/** A failure for people: the fact, then what to do, its lines kept whole so that they can be pasted. */
export function renderError(entry: Pick<ErrorEntry, "code" | "message" | "hint">, look: Look): string {
  if (entry.code === "INTERRUPTED") return `${entry.message}${renderHint(entry.hint, look)}`;
  return `${paint(look, ["red", "bold"], "error:")} ${entry.message}${renderHint(entry.hint, look)}`;
}

/** A warning or note of a command at work, with the service it is about. */
export function renderRemark(
  kind: "warning" | "note",
  remark: { readonly message: string; readonly hint?: string; readonly service?: string },
  look: Look,
): string {
  const label = kind === "warning" ? paint(look, "yellow", "warning:") : paint(look, "dim", "note:");
  const service = remark.service === undefined ? "" : `${remark.service}: `;
  return `${label} ${service}${remark.message}${renderHint(remark.hint ?? null, look)}`;
}

/** A defect of Bulkhead itself: what to report. */
export function renderBug(
  error: unknown,
  facts: { version: string; node: string; platform: string },
  look: Look,
): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${paint(look, ["red", "bold"], "bug:")} This is a defect in Bulkhead. Please report it with the lines below.`,
    paint(look, "dim", `bulkhead ${facts.version}, node ${facts.node}, ${facts.platform}`),
    paint(look, "dim", stack),
  ].join("\n");
}

function renderHint(hint: string | null, look: Look): string {
  if (hint === null || hint === "") return "";
  return hint
    .split("\n")
    .map((line) => `\n  ${paint(look, "cyan", line)}`)
    .join("");
}
