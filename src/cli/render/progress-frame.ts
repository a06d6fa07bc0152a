import { renderDuration } from "./duration.ts";
import type { Look } from "./look.ts";
import type { ProgressState } from "./progress-state.ts";
import { prepareText, serviceText, TONE_STYLES, type ProgressText } from "./progress-text.ts";
import { marks, paint, type Style } from "./styles.ts";
import { padTo, textWidth, truncate } from "./text-width.ts";

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

interface Row extends ProgressText {
  readonly name: string;
  readonly since: number;
}

/** Longer names push their own line, not everybody's. */
const NAME_COLUMNS = 32;

/** What is shown first where not everything fits; what is done is only counted. */
const FOLDED_ORDER: readonly ProgressText["tone"][] = ["failed", "active", "waiting"];

/** A running step stands where its finished line will: see proof-lines.ts. */
const STEP_COLUMN = 5;

/**
 * The live display at `now`: one line a preparation, service and running step. Lines fit into `size`: each is cut to one
 * column less than the width (a full last column would wrap), and where the height does not suffice, what is done is
 * folded into one line, failures come first, and the rest is counted. `final` gives the lines that stay behind: nothing moves, nothing is
 * folded, running steps are gone.
 */
export function progressFrame(
  state: ProgressState,
  size: FrameSize,
  now: number,
  look: Look,
  final = false,
): readonly string[] {
  const prepares = [...state.prepares].flatMap(([name, progress]): Row[] => {
    const text = prepareText(progress);
    return text === undefined ? [] : [{ name, since: progress.since, ...text }];
  });
  const services = [...state.services].map(([name, progress]): Row => ({
    name,
    since: progress.since,
    ...serviceText(progress),
  }));
  const steps = [...state.steps].map(([name, { since, text }]): Row => ({ name, since, text, tone: "active" }));
  const groups = final ? [prepares, services] : [prepares, services, steps];

  const nameWidth = Math.min(
    NAME_COLUMNS,
    Math.max(0, ...[...prepares, ...services].map(({ name }) => textWidth(name))),
  );
  const render = (rows: readonly Row[]) =>
    rows.map((row) => renderRow(row, nameWidth, size.width - 1, now, look, final));
  const lines = groups.flatMap(render);
  if (final || lines.length <= size.height) return lines;

  const rows = groups.flat();
  const busy = FOLDED_ORDER.flatMap((tone) => rows.filter((row) => row.tone === tone));
  const doneCount = rows.length - busy.length;
  const folded = render(busy);
  const done = doneCount === 0 ? [] : [fold(`${doneCount} done`, "done", size, look)];
  const room = size.height - done.length;
  if (folded.length <= room) return [...done, ...folded];
  const hidden = folded.length - Math.max(0, room - 1);
  return [...done, ...folded.slice(0, Math.max(0, room - 1)), fold(`${hidden} more`, "idle", size, look)].slice(
    0,
    Math.max(1, size.height),
  );
}

/** True while a spinner turns, so that the display has to be redrawn. */
export function isMoving(state: ProgressState): boolean {
  return (
    state.steps.size > 0 ||
    [...state.services.values()].some((progress) => ["active", "waiting"].includes(serviceText(progress).tone)) ||
    [...state.prepares.values()].some((progress) => prepareText(progress)?.tone === "active")
  );
}

function renderRow(row: Row, nameWidth: number, width: number, now: number, look: Look, final: boolean): string {
  const { ellipsis } = marks(look);
  const elapsed = final || row.tone !== "active" ? "" : renderDuration((now - row.since) / 1000);
  const parts: readonly { text: string; style: Style | undefined }[] = [
    {
      text: ` ${mark(row.tone, now, look, final)} `.padEnd(row.text === "" ? STEP_COLUMN : 0),
      style: markStyle(row.tone),
    },
    { text: row.text === "" ? row.name : padTo(row.name, nameWidth), style: undefined },
    { text: row.text === "" ? "" : `  ${row.text}`, style: TONE_STYLES[row.tone] },
    { text: elapsed === "" ? "" : `  ${elapsed}`, style: "dim" },
    { text: row.aside === undefined ? "" : `  ${row.aside}`, style: "dim" },
  ];
  let room = width;
  return parts
    .map(({ text, style }) => {
      const shown = truncate(text, room, ellipsis);
      room = shown === text ? room - textWidth(text) : 0;
      return paint(look, style, shown);
    })
    .join("")
    .trimEnd();
}

function fold(text: string, tone: ProgressText["tone"], size: FrameSize, look: Look): string {
  const { done, idle, ellipsis } = marks(look);
  return paint(look, "dim", truncate(` ${tone === "done" ? done : idle} ${text}`, size.width - 1, ellipsis));
}

function mark(tone: ProgressText["tone"], now: number, look: Look, final: boolean): string {
  const { done, failed, idle, spinner } = marks(look);
  switch (tone) {
    case "done":
      return done;
    case "failed":
      return failed;
    case "idle":
    case "waiting":
      return idle;
    case "active":
      return final ? idle : (spinner[Math.floor(now / 100) % spinner.length] ?? idle);
  }
}

function markStyle(tone: ProgressText["tone"]): Style {
  return tone === "active" ? "cyan" : tone === "done" ? "green" : (TONE_STYLES[tone] ?? "dim");
}
