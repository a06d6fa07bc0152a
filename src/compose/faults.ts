import { renderSpan, type Span } from "../core/span.ts";
import { ToolError } from "../core/tool-error.ts";
import type { ComposeMessage } from "./project.ts";

/** Collects what is wrong and what is worth a warning while a project loads. */
export interface Faults {
  readonly faults: ComposeMessage[];
  readonly unsupported: ComposeMessage[];
  readonly warnings: ComposeMessage[];
}

export function createFaults(): Faults {
  return { faults: [], unsupported: [], warnings: [] };
}

/** Adds a message unless the same one already stands at the same place. */
export function addMessage(messages: ComposeMessage[], message: string, span?: Span, hint?: string): void {
  const known = messages.some(
    (other) => other.message === message && other.span?.file === span?.file && other.span?.start === span?.start,
  );
  if (known) return;
  messages.push({ message, ...(span === undefined ? {} : { span }), ...(hint === undefined ? {} : { hint }) });
}

/** One message as `file:line:column: what`. */
export function renderMessage(message: ComposeMessage): string {
  return message.span === undefined ? message.message : `${renderSpan(message.span)}: ${message.message}`;
}

/** Throws when something was collected: COMPOSE_INVALID with all faults, else COMPOSE_UNSUPPORTED. */
export function throwFaults(collected: Faults): void {
  if (collected.faults.length > 0) {
    const faults = [...collected.faults, ...collected.unsupported].toSorted(compareMessages);
    throw new ToolError("COMPOSE_INVALID", faults.map(renderMessage).join("\n"), {
      hint:
        faults.find((fault) => fault.hint !== undefined)?.hint ?? "correct the lines above and run the command again",
      detail: { faults },
    });
  }
  if (collected.unsupported.length > 0) {
    const faults = collected.unsupported.toSorted(compareMessages);
    throw new ToolError("COMPOSE_UNSUPPORTED", faults.map(renderMessage).join("\n"), {
      hint: faults.find((fault) => fault.hint !== undefined)?.hint ?? "remove or rewrite the lines above",
      detail: { faults },
    });
  }
}

function compareMessages(left: ComposeMessage, right: ComposeMessage): number {
  const leftFile = left.span?.file ?? "";
  const rightFile = right.span?.file ?? "";
  if (leftFile !== rightFile) return leftFile < rightFile ? -1 : 1;
  return (left.span?.start ?? 0) - (right.span?.start ?? 0);
}
