import { describe, expect, it } from "vitest";

import { createMarkFinder } from "./mark-finder.ts";
import { seededRandom } from "../../test/helpers/seeded-random.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function findAll(marks: readonly string[], text: string): [string, number][] {
  const found: [string, number][] = [];
  const all = bytes(text);
  createMarkFinder(marks).find(all, 0, all.length, (mark, at) => found.push([marks[mark] ?? "", at]));
  return found.toSorted(([, left], [, right]) => left - right);
}

describe("createMarkFinder", () => {
  it("finds words wherever they stand, overlapping ones too", () => {
    expect(findAll(["FATAL:", "FATAL:  role", 'role "root"'], 'FATAL:  role "root"')).toEqual([
      ["FATAL:", 0],
      ["FATAL:  role", 0],
      ['role "root"', 8],
    ]);
  });

  it("finds what plain search finds, in texts made of the words' own pieces", () => {
    const marks = ["does not exist", "not exist!", "ERROR:", "Error: ", "existence"];
    const pieces = ["does ", "not ", "exist", "ence", "!", "ERR", "OR:", "Err", "or: ", "\n", "데"];
    const random = seededRandom(7);
    for (let round = 0; round < 300; round += 1) {
      const text = Array.from({ length: 40 }, () => random.pick(pieces)).join("");
      const expected = marks.flatMap((mark) => {
        const places: [string, number][] = [];
        for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
          places.push([mark, bytes(text.slice(0, at)).length]);
        return places;
      });
      expect(findAll(marks, text).map(String).toSorted()).toEqual(expected.map(String).toSorted());
    }
  });

  it("refuses words too short to search for", () => {
    expect(() => createMarkFinder(["abc"])).toThrow(RangeError);
  });
});
