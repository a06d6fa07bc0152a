import { parseLogLine, type LogLine } from "./parse-log-line.ts";

/** Lines of a block that are kept: the last ones say most. */
const MOST_LINES = 60;

const traceback = "Traceback (most recent call last)";
const chained = /^(?:The above exception was the direct cause|During handling of the above exception)/;
/** What libpq, SQLAlchemy, PostgreSQL and Java put below the line of an error. */
const continued = /^(?:\s+\S|\(Background on this error|\[SQL: |\[parameters: |(?:DETAIL|HINT|CONTEXT): )/;
/** PostgreSQL repeats its own prefix before DETAIL and HINT. */
const continuedByServer = /^\d{4}-\d{2}-\d{2} \S+ \S+ (?:\S+ )?(?:DETAIL|HINT|STATEMENT): /;

/**
 * The line of an error as one block with the tracebacks it ends and the lines that continue it, all of its own service.
 *
 * @param before raw lines before it, of all services; `after` those behind it
 */
export function errorBlock(
  line: LogLine,
  { before, after }: { readonly before: readonly string[]; readonly after: readonly string[] },
  zone: "local" | "utc" = "utc",
): { readonly lines: readonly string[]; readonly time: number | undefined } {
  const above = sameService(line, before, zone);
  const start = tracebackStart(above.map(({ text }) => text));
  const below = sameService(line, after, zone).map(({ text }) => text);
  const end = below.findIndex((text) => !continued.test(text) && !continuedByServer.test(text));
  return {
    lines: [
      ...above.slice(start).map(({ text }) => text),
      line.text,
      ...below.slice(0, Math.min(end < 0 ? below.length : end, 6)),
    ].slice(-MOST_LINES),
    time: line.time ?? above.findLast(({ time }) => time !== undefined)?.time,
  };
}

function sameService({ service }: LogLine, lines: readonly string[], zone: "local" | "utc"): LogLine[] {
  return lines.map((raw) => parseLogLine(raw, zone)).filter((one) => one.service === service);
}

/** Where the tracebacks begin that the next line would end; the number of lines when it ends none. */
function tracebackStart(lines: readonly string[]): number {
  let start = lines.length;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const text = lines[at] ?? "";
    if (text.includes(traceback)) {
      start = at;
      // An exception raised while another was handled: that one's traceback stands above.
      const link = lines.slice(Math.max(0, at - 3), at).findIndex((one) => chained.test(one));
      if (link < 0) break;
    } else if (start === lines.length && !/^\s/.test(text) && text !== "") {
      break;
    }
  }
  return start;
}
