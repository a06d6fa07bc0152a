import type { Draft } from "./draft.ts";
import type { Random } from "./random.ts";

const plainWords = ["a", "b-c", "d_e.f", "x/y", "Größe", "db:5432", "k=v", "p w"];
const expressions = [
  "${SET}",
  "$SET",
  "${UNSET}",
  "${EMPTY}",
  "${UNSET:-dflt}",
  "${UNSET-dflt}",
  "${EMPTY:-e}",
  "${EMPTY-e}",
  "${SET:+alt}",
  "${EMPTY:+alt}",
  "${EMPTY+alt}",
  "${UNSET+alt}",
  "${SET:?must}",
  "${EMPTY?must}",
  "${UNSET:-${SET}}",
  "${UNSET:-${ALSO_UNSET:-deep}}",
  "${DOT}",
  "${FROM_ENV_FILE}",
  "$$",
  "$$SET",
  "$${SET}",
  "$5",
  "${SET:-}",
  "${UNSET:-a:b}",
  "${UNSET:-http://h:1/p}",
];
/** Compose refuses these, whatever the variables are. */
const refusedExpressions = ["${UNSET:?gone}", "${1A}", "${}", "${SET/a/b}", "${EMPTY:?gone}"];
const oddScalars = [
  "010",
  "0x1F",
  "1e3",
  "1_000",
  "12:30",
  "22:22",
  "1.10",
  "1.0",
  ".5",
  "-0",
  "+1",
  "0o17",
  "0b11",
  "2024-01-31",
  "2024-01-31T10:20:30Z",
  "yes",
  "on",
  "No",
  "true",
  "False",
  "~",
  "null",
  "''",
  '""',
  "18446744073709551615",
  "9007199254740993",
  "1e21",
  "1.5e-7",
  "123456789.123456789",
  "'010'",
  '"\\u00e9\\t\\x41"',
  "'it''s'",
  "!!str 5",
  "!!int 0x10",
  "!!float 1",
  "0xFFFFFFFFFFFFFFFFF",
];

/** Text, often with expressions in it. */
export function text(random: Random): string {
  if (random.chance(0.004)) return random.pick(refusedExpressions);
  if (random.chance(0.5)) return random.pick(plainWords);
  if (random.chance(0.5)) return random.pick(expressions);
  return `${random.pick(plainWords)}${random.pick(expressions)}${random.chance(0.3) ? random.pick(expressions) : ""}`;
}

/** A text as a scalar in one of the styles that can hold it. */
export function quoted(random: Random, value: string): string {
  const plain =
    /^[A-Za-z$/][\w$/.{}+?=:-]*$/.test(value) && !value.endsWith(":") && !/^(?:true|null|yes|no|on|off)$/i.test(value);
  const style = random.below(3);
  if (plain && style === 0) return value;
  return style === 1 ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

/** A text scalar. */
export function word(random: Random): string {
  return quoted(random, text(random));
}

/** A scalar as environment and labels take it: text, numbers, booleans and what looks like them. */
export function value(random: Random): Draft {
  if (random.chance(0.45)) return random.pick(oddScalars);
  if (random.chance(0.06))
    return { block: random.pick(["|", "|-", ">", ">-", "|+"]), lines: ["one ${SET}", "two $$x", "- three"] };
  return word(random);
}
