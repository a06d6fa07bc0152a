import type { ScalarValue } from "./tree.ts";

/**
 * The text Go's `fmt.Sprint` gives for a value, which is what Compose puts into environments and labels when a YAML
 * value is no string: `1.10` becomes `1.1`, `0x1F` becomes `31`, null becomes `<nil>`.
 */
export function formatScalar(value: ScalarValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "object") return value.text;
  if (typeof value === "number") return formatFloat(value);
  return String(value);
}

/** Go's `%v` of a float64: an exponent below -4 and from 6 on, in at least two digits. */
function formatFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "0", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
}
