import type { SeededRandom } from "./seeded-random.ts";

/** What parsers of YAML, of env files and of Compose's own little languages stumble over. */
const morsels = [
  "\0",
  "\t",
  "\r",
  "\r\n",
  "\n",
  "\n\n",
  "\uFEFF",
  "\u0085",
  "\u2028",
  "😀",
  "é",
  "'",
  '"',
  "\\",
  "#",
  " #",
  ":",
  ": ",
  "- ",
  "? ",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "|",
  ">-",
  "|2",
  "[",
  "]",
  "{",
  "}",
  ",",
  "&a ",
  "*a",
  "*a : b",
  "<<: *a",
  "<<: [*a, *a]",
  "&a [*a]",
  "<<: {<<: *a}",
  "!reset ",
  "!override ",
  "!reset null",
  "!!binary ",
  "!!set ",
  "!!int ",
  "!!float ",
  "!!null ",
  "!!bool ",
  "!<x> ",
  "!!python/object:os.system ",
  "! ",
  "null",
  "~",
  "{}",
  "[]",
  "0x",
  "1e999",
  ".nan",
  "-.inf",
  "0o7",
  "1_0",
  "2024-02-30",
  "9".repeat(40),
  "true",
  "''",
  "$",
  "$$",
  "${",
  "${A",
  "${A:-",
  "${A:-${B",
  "${A:?x}",
  "${A/b}",
  "${}",
  "}",
  "$A$A",
  "${A:+",
  "A=${A}",
  "export ",
  "=",
  "extends: {file: compose.yaml, service: app}",
  "include: [compose.yaml]",
  "env_file: /dev/zero",
  "profiles: [x]",
  "__proto__",
  "constructor",
  "x-",
  "services",
  "depends_on: [app, db]",
  "ports: ['1-65535:1-65535']",
  "../".repeat(50),
  " ".repeat(300),
  "a".repeat(5000),
  "[".repeat(450),
  "- ".repeat(450),
  "1h".repeat(300),
];

const encoder = new TextEncoder();

/** The bytes with a few places changed: bytes flipped, parts cut, doubled, moved, or replaced by something nasty. */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, random: SeededRandom): Uint8Array {
  let result = bytes;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(result.length + 1);
    const to = Math.min(result.length, at + random.below(random.pick([2, 10, 80])));
    switch (random.below(7)) {
      case 0:
        result = splice(result, at, Math.min(result.length, at + 1), Uint8Array.of(random.below(256)));
        break;
      case 1:
        result = splice(result, at, to, new Uint8Array());
        break;
      case 2:
        result = splice(result, to, to, result.slice(at, to));
        break;
      case 3:
        result = splice(result, at, at, other.slice(random.below(other.length + 1), random.below(other.length + 1)));
        break;
      case 4:
        result = result.slice(0, at);
        break;
      default:
        result = splice(result, at, random.below(2) === 0 ? at : to, encoder.encode(random.pick(morsels)));
    }
  }
  return result;
}

function splice(bytes: Uint8Array, from: number, to: number, inserted: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (to - from) + inserted.length);
  result.set(bytes.subarray(0, from));
  result.set(inserted, from);
  result.set(bytes.subarray(to), from + inserted.length);
  return result;
}
