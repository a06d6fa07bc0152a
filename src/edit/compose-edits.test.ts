import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../test/helpers/generated/random.ts";
import type { TextEdit } from "../core/fix.ts";
import { applyEdits, areApart } from "./apply-edits.ts";
import { composeEdits, moveEdit } from "./compose-edits.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array) => new TextDecoder().decode(of);
const edit = (start: number, end: number, to: string, file = "/p/a"): TextEdit => ({ file, start, end, text: to });

/** Edits of a text of `length` ASCII characters that do not overlap. */
function randomEdits(random: Random, length: number): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let at = 0;
  while (at <= length && edits.length < 4) {
    const start = at + random.below(6);
    const end = start + random.below(4);
    if (end > length) break;
    edits.push(edit(start, end, "xyz".slice(0, random.below(4))));
    at = end + random.below(2);
  }
  return edits;
}

describe("applyEdits", () => {
  it("counts bytes, whatever the order of the edits", () => {
    const edits = [edit(5, 6, "!"), edit(0, 2, "O")];
    expect(text(applyEdits(bytes("öäß."), [edit(2, 4, "a")]))).toBe("öaß.");
    expect(text(applyEdits(bytes("abcdef"), edits))).toBe("Ocde!");
  });

  it("keeps insertions at one place in order, before what is replaced there", () => {
    expect(text(applyEdits(bytes("abc"), [edit(1, 2, "B"), edit(1, 1, "1"), edit(1, 1, "2")]))).toBe("a12Bc");
  });

  it.each([[[edit(0, 2, ""), edit(1, 3, "")]], [[edit(0, 4, "")]], [[edit(2, 1, "")]]])("refuses %j", (edits) => {
    expect(() => applyEdits(bytes("abc"), edits)).toThrow(RangeError);
  });

  it("is refused exactly for edits that are not apart", () => {
    expect(areApart([edit(0, 2, ""), edit(2, 3, ""), edit(0, 1, "", "/p/b")])).toBe(true);
    expect(areApart([edit(1, 3, ""), edit(0, 2, "")])).toBe(false);
  });
});

describe("composeEdits", () => {
  it("does at once what two rounds do", () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const random = createRandom(seed);
      const before = bytes("abcdefghijklmnopqrstuvwxyz".slice(0, random.below(27)));
      const first = randomEdits(random, before.length);
      const between = applyEdits(before, first);
      const second = randomEdits(random, between.length);
      const composed = composeEdits(first, second);
      expect([seed, text(applyEdits(before, composed))]).toEqual([seed, text(applyEdits(between, second))]);
    }
  });

  it("keeps files apart and characters whole", () => {
    const first = [edit(0, 0, "äö"), edit(0, 1, "x", "/p/b")];
    expect(composeEdits(first, [edit(2, 4, "é", "/p/a")])).toEqual([edit(0, 0, "äé"), edit(0, 1, "x", "/p/b")]);
  });
});

describe("moveEdit", () => {
  it("follows the text, unless the text itself was changed", () => {
    const made = [edit(2, 4, "long"), edit(8, 8, "+")];
    expect(moveEdit(made, edit(0, 2, "x"))).toEqual(edit(0, 2, "x"));
    expect(moveEdit(made, edit(4, 6, "x"))).toEqual(edit(6, 8, "x"));
    expect(moveEdit(made, edit(9, 9, "x"))).toEqual(edit(12, 12, "x"));
    expect(moveEdit(made, edit(3, 5, "x"))).toBeUndefined();
    expect(moveEdit(made, edit(7, 9, "x"))).toBeUndefined();
    expect(moveEdit(made, edit(3, 5, "x", "/p/b"))).toEqual(edit(3, 5, "x", "/p/b"));
  });
});
