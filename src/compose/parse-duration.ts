const units: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["d", 86_400_000_000_000n],
  ["w", 604_800_000_000_000n],
]);

const longest = (1n << 63n) - 1n;

/**
 * Milliseconds of a Compose duration such as `1m30s`, `500ms`, `1.5h` or `2d`; undefined when it is none.
 * Source: xhit/go-str2duration, which Compose uses.
 */
export function parseDuration(text: string): number | undefined {
  const nanoseconds = parseNanoseconds(text);
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1_000_000;
}

/** The same in nanoseconds, exact. */
export function parseNanoseconds(text: string): bigint | undefined {
  const negative = text.startsWith("-");
  const unsigned = negative || text.startsWith("+") ? text.slice(1) : text;
  if (unsigned === "0") return 0n;
  if (!/^(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)[^.0-9]+)+$/.test(unsigned)) return undefined;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of unsigned.matchAll(/([0-9]*)(?:\.([0-9]*))?([^.0-9]+)/g)) {
    const scale = units.get(unit);
    if (scale === undefined) return undefined;
    total += BigInt(whole === "" ? "0" : whole) * scale;
    if (fraction !== "") total += BigInt(Math.trunc(Number(`0.${fraction}`) * Number(scale)));
    if (total > longest) return undefined;
  }
  return negative ? -total : total;
}

/** A duration as Go and `docker compose config` print it: `1m30s`, `1h0m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${formatFraction(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${formatFraction(size, 6)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${formatFraction(size % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

function formatFraction(value: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const fraction = String(value % scale)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return fraction === "" ? String(value / scale) : `${value / scale}.${fraction}`;
}
