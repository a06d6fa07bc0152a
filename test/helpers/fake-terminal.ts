import type { Output, Terminal } from "../../src/cli/terminal.ts";

/** Control sequences with count and letter, and every other character. */
const TOKENS = new RegExp(`${String.fromCodePoint(27)}\\[\\??(\\d*)([A-Za-z])|[^]`, "gu");

/**
 * A terminal in memory for both streams: understands what the command line writes (newline, carriage return, cursor up,
 * clear, cursor visibility) and reflows long lines when it becomes narrower, as tmux and most emulators do. Without
 * `columns` the streams are no terminals; `stdout` and `stderr` give what was written to each.
 */
export function fakeTerminal(options: { columns?: number; rows?: number; env?: Record<string, string> } = {}) {
  let columns = options.columns;
  let lines = [""];
  let row = 0;
  let hidden = false;
  const writes: string[] = [];
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();

  const put = (text: string) => {
    for (const [token, count = "", code = ""] of text.matchAll(TOKENS)) {
      if (token === "\n") {
        row += 1;
        if (row === lines.length) lines.push("");
      } else if (code === "A") row = Math.max(0, row - Number(count));
      else if (code === "J") lines = [...lines.slice(0, row), ""];
      else if (code === "l" || code === "h") hidden = code === "l";
      else if (code === "" && token !== "\r") pending.push({ row, token });
      if (code === "K" || token === "\n" || code === "J") flush();
    }
    flush();
  };
  const pending: { row: number; token: string }[] = [];
  const flush = () => {
    const [first] = pending;
    if (first === undefined) return;
    lines[first.row] = pending.map(({ token }) => token).join("");
    pending.length = 0;
  };

  const output = (name: "stdout" | "stderr"): Output => ({
    isTerminal: columns !== undefined,
    columns: () => columns,
    rows: () => options.rows,
    write: (text) => {
      writes.push(text);
      written[name] += text;
      put(text);
      return Promise.resolve();
    },
    onResize: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });

  const terminal: Terminal = {
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdinIsTerminal: columns !== undefined,
    ask: () => Promise.resolve(""),
    env: options.env ?? {},
    now: () => performance.now(),
    isoTime: () => "2026-01-31T12:00:00.000Z",
    runtime: { node: "v20.19.0", platform: "linux x64" },
  };
  return {
    terminal,
    writes,
    written,
    screen: { lines: () => lines.slice(0, lines.findLastIndex((line) => line !== "") + 1), cursorHidden: () => hidden },
    resize: (width: number) => {
      columns = width;
      const before = lines.slice(0, row);
      const wrap = (line: string) => line.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""];
      row = before.flatMap(wrap).length;
      lines = lines.flatMap(wrap);
      for (const listener of listeners) listener();
    },
  };
}
