import { describe, expect, it } from "vitest";
import { diffFile } from "./diff-file.ts";

/** The diff as text, of edits that replace the first occurrence of a text. */
function diff(before: string, replacements: readonly (readonly [string, string])[], context?: number): string {
  const bytes = new TextEncoder().encode(before);
  const edits = replacements.map(([from, text]) => {
    const start = Buffer.from(bytes).indexOf(from);
    return { start, end: start + Buffer.byteLength(from), text };
  });
  return diffFile(bytes, edits, context)
    .map(({ oldStart, newStart, lines }) =>
      [
        `@@ ${oldStart} ${newStart}`,
        ...lines.map(({ sign, text, isUnended }) => sign + text + (isUnended ? "⏎" : "")),
      ].join("\n"),
    )
    .join("\n");
}

const lines = (...all: readonly string[]) => `${all.join("\n")}\n`;

describe("diffFile", () => {
  const before = lines("1", "2", "3", "4", "5", "6", "7", "8", "9");

  it("shows changed lines with two around them", () => {
    expect(diff(before, [["5", "five"]])).toBe("@@ 3 3\n 3\n 4\n-5\n+five\n 6\n 7");
  });

  it("shows added and removed lines without repeating their neighbours", () => {
    expect(diff(before, [["5\n", "5\nnew\n"]], 1)).toBe("@@ 5 5\n 5\n+new\n 6");
    expect(diff(before, [["5\n6\n", ""]], 1)).toBe("@@ 4 4\n 4\n-5\n-6\n 7");
    expect(diff(before, [["\n5", ""]], 1)).toBe("@@ 4 4\n 4\n-5\n 6");
  });

  it("joins what is close and parts what is not", () => {
    expect(
      diff(
        before,
        [
          ["2", "two"],
          ["3", "three"],
        ],
        1,
      ),
    ).toBe("@@ 1 1\n 1\n-2\n-3\n+two\n+three\n 4".replace("-2\n-3\n+two\n+three", "-2\n+two\n-3\n+three"));
    expect(
      diff(
        before,
        [
          ["1\n", ""],
          ["9", "nine"],
        ],
        1,
      ),
    ).toBe("@@ 1 1\n-1\n 2\n@@ 8 7\n 8\n-9\n+nine");
  });

  it("makes one change of edits in one line", () => {
    expect(
      diff("a: b # c\n", [
        ["a", "x"],
        ["b", "y"],
      ]),
    ).toBe("@@ 1 1\n-a: b # c\n+x: y # c");
  });

  it("tells of new files, ends without a line break, CRLF and byte order marks", () => {
    expect(diffFile(new Uint8Array(), [{ start: 0, end: 0, text: "A=1\nB=2\n" }])).toEqual([
      {
        oldStart: 0,
        newStart: 1,
        lines: [
          { sign: "+", text: "A=1", isUnended: false },
          { sign: "+", text: "B=2", isUnended: false },
        ],
      },
    ]);
    expect(diff("a\nb", [["b", "b\nc"]])).toBe("@@ 1 1\n a\n-b⏎\n+b\n+c⏎");
    expect(diff("\uFEFFa\r\nä\r\n", [["ä", "ö"]])).toBe("@@ 1 1\n a\n-ä\n+ö");
  });

  it("says nothing where nothing changes", () => {
    expect(diff(before, [["5", "5"]])).toBe("");
  });
});
