import type { ProgressEvent } from "../../core/event.ts";
import { renderRemark } from "./error-text.ts";
import { PLAIN_LOOK, type Look } from "./look.ts";
import { gist, type ProgressState } from "./progress-state.ts";
import { prepareText, serviceText } from "./progress-text.ts";

/**
 * The line a reader of a log file gets for an event, or undefined when it tells nothing that the state before did not:
 * counters that run, things that were already there. Steps are written by whoever shows results.
 */
export function plainProgressLine(
  before: ProgressState,
  event: ProgressEvent,
  look: Look = PLAIN_LOOK,
): string | undefined {
  switch (event.type) {
    case "service": {
      const known = before.services.get(event.service);
      if (known?.state === event.state && gist(known.detail) === gist(event.detail)) return undefined;
      // Every service begins so; what is prepared is told by lines of its own.
      if (event.state === "preparing" && event.detail === undefined) return undefined;
      const { text, aside } = serviceText({ state: event.state, detail: event.detail, seconds: event.seconds });
      return `${event.service}: ${text}${aside === undefined ? "" : ` (${aside})`}`;
    }
    case "prepare": {
      if (before.prepares.get(event.subject)?.phase === event.phase) return undefined;
      const text = prepareText({ phase: event.phase, detail: event.detail, seconds: event.seconds });
      return text === undefined ? undefined : `${event.subject}: ${text.text}`;
    }
    case "step":
      return undefined;
    case "warning":
    case "note":
      return renderRemark(event.type, event, look);
  }
}
