const stamp =
  /^[^\d]{0,24}(\d{4})[-/](\d{2})[-/](\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?/;

/**
 * The time a line begins with, as applications write it: ISO, `2026-01-31 12:00:00,123`, `2026/01/31 12:00:00`, behind a
 * bracket or a level word. Milliseconds since the epoch; undefined where there is none.
 *
 * @param zone what a time without one means: `local` is this machine's, as it is for an application that runs on it;
 *   containers run in UTC
 */
export function readLineTime(line: string, zone: "local" | "utc" = "local"): number | undefined {
  const match = stamp.exec(line);
  if (match === null) return undefined;
  const [, year, month, day, time, fraction = "0", written = ""] = match;
  const unwritten = zone === "utc" ? "Z" : "";
  const offset = /^(Z|UTC|GMT)$/.test(written) ? "Z" : written.replace(/^([+-]\d{2}):?(\d{2})$/, "$1:$2") || unwritten;
  const at = Date.parse(`${year}-${month}-${day}T${time}.${fraction.slice(0, 3)}${offset}`);
  return Number.isNaN(at) ? undefined : at;
}
