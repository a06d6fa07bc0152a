import type { ProgressEvent } from "../core/event.ts";
import type { Progress } from "./progress.ts";
import { renderRemark } from "./render/error-text.ts";
import type { Look } from "./render/look.ts";
import { isMoving, progressFrame } from "./render/progress-frame.ts";
import { NO_PROGRESS, reduceProgress } from "./render/progress-state.ts";
import { textWidth } from "./render/text-width.ts";
import type { Terminal } from "./terminal.ts";

const FRAME_MS = 100;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_TO_END = "\u001b[J";
const CLEAR_LINE_END = "\u001b[K";

/**
 * Draws the state in place on stderr, at most ten times a second, and only while something is shown. Text written
 * through `say` scrolls past above it. The last frame stays.
 */
export function liveProgress(terminal: Terminal, look: Look): Progress {
  const { stderr, now } = terminal;
  let state = NO_PROGRESS;
  let drawn: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastDraw = -Infinity;
  let closed = false;
  let cursorHidden = false;

  const size = () => ({ width: stderr.columns() ?? 80, height: Math.max(1, (stderr.rows() ?? 24) - 1) });
  const write = (text: string) => void stderr.write(text);

  /** Back to where the frame began. A narrower window has wrapped its lines: they are counted at today's width. */
  const toStart = () => {
    const { width } = size();
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / width)), 0);
    return rows === 0 ? "" : `\u001b[${rows}A\r`;
  };

  const draw = (above = "", final = false) => {
    const lines = progressFrame(state, size(), now(), look, final);
    const hide = !cursorHidden && !final && lines.length > 0 ? HIDE_CURSOR : "";
    const show = final && cursorHidden ? SHOW_CURSOR : "";
    const body = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join("");
    const clear = drawn.length > 0 || above !== "" ? CLEAR_TO_END : "";
    const text =
      above === "" ? `${hide}${toStart()}${body}${clear}${show}` : `${hide}${toStart()}${clear}${above}${body}${show}`;
    if (hide !== "") cursorHidden = true;
    if (show !== "") cursorHidden = false;
    drawn = lines;
    lastDraw = now();
    if (text !== "") write(text);
  };

  const schedule = () => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        draw();
        if (isMoving(state)) schedule();
      },
      Math.max(0, FRAME_MS - (now() - lastDraw)),
    );
    // A display must not keep a finished command alive.
    timer.unref();
  };

  const stopListening = stderr.onResize(() => {
    if (drawn.length > 0) schedule();
  });

  return {
    emit: (event: ProgressEvent) => {
      if (closed) return;
      state = reduceProgress(state, event, now());
      if (event.type === "warning" || event.type === "note") draw(`${renderRemark(event.type, event, look)}\n`);
      else schedule();
    },
    say: async (text, to) => {
      if (to === "stderr" && !closed) {
        draw(text);
        return;
      }
      if (!closed && drawn.length > 0) {
        write(`${toStart()}${CLEAR_TO_END}`);
        drawn = [];
      }
      await terminal[to].write(text);
      if (!closed) schedule();
    },
    close: () => {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      stopListening();
      draw("", true);
    },
  };
}
