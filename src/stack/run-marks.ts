import { parseDuration } from "../compose/parse-duration.ts";
import { readLineTime } from "../core/read-line-time.ts";

/** A start or end that the supervisor noted beside a log: when, and how many bytes the log had then. */
export interface RunMark {
  readonly at: number;
  readonly event: "start" | "exit";
  readonly bytes: number;
}

/** Parses `logs/SERVICE.times`: lines of `ISO-TIME start|exit CODE|- BYTES`. Lines of another form are left out. */
export function parseRunMarks(text: string): readonly RunMark[] {
  return text.split("\n").flatMap((line): RunMark[] => {
    const match = /^(\S+) (start|exit) \S+ (\d+)$/.exec(line);
    const at = Date.parse(match?.[1] ?? "");
    if (match === null || Number.isNaN(at)) return [];
    return [{ at, event: match[2] === "start" ? "start" : "exit", bytes: Number(match[3]) }];
  });
}

/** `--since`: a duration before `now` (`10m`, `1h30m`), an ISO time or seconds since the epoch; undefined for neither. */
export function parseSince(text: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/**
 * The byte of a log from which its lines are since a time. Output carries no time of its own, so the line's own stamp
 * counts, and for lines without one the stamp before them; a run that wrote no stamp at all is shown whole when it was
 * still going then. Rather a line too many than one too few.
 */
export function findSince(bytes: Uint8Array, marks: readonly RunMark[], since: number): number {
  const noted = marks.filter((mark) => mark.bytes <= bytes.length);
  const runs = noted.flatMap((start, index) => {
    if (start.event !== "start") return [];
    const following = noted.slice(index + 1);
    const next = following.findIndex((mark) => mark.event === "start");
    // By their order: a file's time, which tells an end, may lie milliseconds before the clock that told the start.
    const end = following.slice(0, next < 0 ? undefined : next).at(-1);
    const endedAt = end === undefined ? Number.POSITIVE_INFINITY : Math.max(end.at, start.at);
    return [{ from: start.bytes, to: following[next]?.bytes ?? bytes.length, startedAt: start.at, endedAt }];
  });
  const first = runs[0]?.from ?? bytes.length;
  if (first > 0)
    runs.unshift({ from: 0, to: first, startedAt: 0, endedAt: runs[0]?.startedAt ?? Number.POSITIVE_INFINITY });
  for (const run of runs) {
    if (run.startedAt >= since) return run.from;
    if (run.endedAt < since) continue;
    const found = findInRun(bytes, run.from, run.to, since);
    if (found !== undefined) return found;
  }
  return bytes.length;
}

/** Undefined: the run's lines are all older. */
function findInRun(bytes: Uint8Array, from: number, to: number, since: number): number | undefined {
  const decoder = new TextDecoder();
  let hasStamp = false;
  for (let start = from; start < to;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? to : newline;
    const at = readLineTime(decoder.decode(bytes.subarray(start, Math.min(end, start + 100))));
    if (at !== undefined) {
      if (at >= since) return start;
      hasStamp = true;
    }
    start = end + 1;
  }
  return hasStamp ? undefined : from;
}
