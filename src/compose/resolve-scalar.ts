import type { ScalarValue, Timestamp } from "./tree.ts";

const words: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...["true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["false", "False", "FALSE"].map((text) => [text, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((text) => [text, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((text) => [text, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((text) => [text, Number.POSITIVE_INFINITY] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((text) => [text, Number.NEGATIVE_INFINITY] as const),
  ...["-0", "-0.0"].map((text) => [text, -0] as const),
]);

const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const maxUint64 = (1n << 64n) - 1n;
const minInt64 = -(1n << 63n);

/**
 * The value of a plain (unquoted) YAML scalar as Compose reads it. Neither YAML 1.1 nor 1.2: `010` is 8, `1_000` is
 * 1000, `1e3` is 1000, `2024-01-31` is a timestamp, and `yes`, `on`, `12:30` stay text.
 * Source: go.yaml.in/yaml/v4 internal/libyaml/resolver.go.
 */
export function resolveScalar(text: string): ScalarValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text[0] ?? "";
  if (first === ".") return resolveFloat(text) ?? text;
  if (!/[-+0-9]/.test(first)) return text;
  const timestamp = parseTimestamp(text);
  if (timestamp !== undefined) return timestamp;
  const plain = text.replaceAll("_", "");
  return resolveInteger(plain) ?? resolveFloat(plain) ?? text;
}

function resolveFloat(text: string): number | undefined {
  if (!float.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Go's strconv.ParseInt with base 0: 0x, 0o, 0b and a bare leading 0 for octal. */
function resolveInteger(text: string): bigint | undefined {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const digits =
    hexadecimal !== undefined
      ? `0x${hexadecimal}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : (decimal ?? "");
  const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
  if (sign !== "" && value >= 1n << 63n) return undefined;
  return value >= minInt64 && value <= maxUint64 ? value : undefined;
}

const timestampForms = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d{2}:\d{2})$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2})$/,
];

function parseTimestamp(text: string): Timestamp | undefined {
  for (const form of timestampForms) {
    const match = form.exec(text);
    if (match === null) continue;
    const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
      match;
    if (!isRealTime([year, month, day, hour, minute, second].map(Number))) return undefined;
    const nanoseconds = fraction.slice(0, 9).replace(/0+$/, "");
    const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}:${second.padStart(2, "0")}${nanoseconds === "" ? "" : `.${nanoseconds}`}`;
    const offset = zone === "Z" || zone === "+00:00" ? "+0000" : zone.replace(":", "");
    return {
      text: `${date} ${time} ${offset} ${offset === "+0000" ? "UTC" : offset}`,
      iso: `${date}T${time}${offset === "+0000" ? "Z" : zone}`,
    };
  }
  return undefined;
}

function isRealTime(parts: readonly number[]): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}
