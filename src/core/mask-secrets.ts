import { findSecrets, type TextRange } from "./find-secrets.ts";

const mask = "***";

/** A text with ranges of it shown as `***`. The ranges are in order and do not overlap. */
export function maskRanges(text: string, ranges: readonly TextRange[]): string {
  return ranges
    .toReversed()
    .reduce((masked, { start, end }) => masked.slice(0, start) + mask + masked.slice(end), text);
}

/** Where the value of a name holds a secret: all of it when the name says so, else by its looks. */
export function secretsOfValue(name: string, value: string): readonly TextRange[] {
  if (value === "") return [];
  const named = findSecrets(`${name}=x`).length > 0;
  return named ? [{ start: 0, end: value.length }] : findSecrets(value);
}
