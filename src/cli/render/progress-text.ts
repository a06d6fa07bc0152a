import { renderDuration } from "./duration.ts";
import type { PrepareProgress, ServiceProgress } from "./progress-state.ts";
import type { Style } from "./styles.ts";
import { oneLine } from "./text-width.ts";

/** What a line says, and how it looks. `active` lines carry a spinner and their running time. */
export interface ProgressText {
  readonly text: string;
  readonly tone: "active" | "waiting" | "done" | "idle" | "failed";
  /** A remark that matters less. */
  readonly aside?: string;
}

export const TONE_STYLES: Readonly<Record<ProgressText["tone"], Style | undefined>> = {
  active: undefined,
  waiting: "dim",
  done: undefined,
  idle: "dim",
  failed: "red",
};

/** A service's state in words: `waiting for postgres`, `migrating`, `ready in 12.3 s`, `exited: no module named x`. */
export function serviceText(progress: Omit<ServiceProgress, "since">): ProgressText {
  const detail = progress.detail === undefined ? undefined : oneLine(progress.detail);
  const time = progress.seconds === undefined ? "" : ` in ${renderDuration(progress.seconds)}`;
  const because = detail === undefined ? "" : `: ${detail}`;
  const aside = detail === undefined ? {} : { aside: detail };
  switch (progress.state) {
    case "preparing":
      // Its environment has a line of its own.
      return detail === undefined ? { text: "preparing", tone: "waiting" } : { text: detail, tone: "active" };
    case "starting":
    case "running":
      return { text: detail ?? progress.state, tone: "active" };
    case "waiting":
      return { text: detail === undefined ? "waiting" : `waiting for ${detail}`, tone: "waiting" };
    case "ready":
      return { text: `ready${time}`, tone: "done", ...aside };
    case "completed":
      return { text: `completed${time}`, tone: "done", ...aside };
    case "stopped":
      return detail === undefined ? { text: `stopped${time}`, tone: "idle" } : { text: detail, tone: "active" };
    case "exited":
      return { text: detail?.startsWith("exited") === true ? detail : `exited${because}`, tone: "failed" };
    case "crash-loop":
      return { text: `crash loop${because}`, tone: "failed" };
  }
}

/** A preparation in words, or undefined when there is nothing to tell: what was already there is no news. */
export function prepareText(progress: Omit<PrepareProgress, "since">): ProgressText | undefined {
  const detail = progress.detail === undefined ? undefined : oneLine(progress.detail);
  const aside = detail === undefined ? "" : ` ${detail}`;
  switch (progress.phase) {
    case "found":
      return undefined;
    case "resolving":
    case "downloading":
    case "building":
      return { text: `${progress.phase}${aside}`, tone: "active" };
    case "ready":
      return {
        text: progress.seconds === undefined ? "ready" : `ready in ${renderDuration(progress.seconds)}`,
        tone: "done",
      };
  }
}
