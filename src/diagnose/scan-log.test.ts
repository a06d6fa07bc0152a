import { describe, expect, it } from "vitest";

import { scanLog } from "./scan-log.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function scan(text: string, size = 64 * 1024) {
  const found: {
    raw: string;
    offset: number;
    marks: number[];
    before: string | undefined;
    after: string | undefined;
  }[] = [];
  const tail = await scanLog(pieces(text, size), ["FATAL:", "already exists"], ({ raw, marks, offset, around }) => {
    const { before, after } = around();
    found.push({ raw, offset, marks: [...marks], before: before.at(-1), after: after[0] });
  });
  return { found, tail };
}

describe("scanLog", () => {
  it("hands over lines with a word, what stands around them, and the last lines", async () => {
    const { found, tail } = await scan("one\nFATAL:  x already exists\nthree\nalready exists");
    expect(found).toEqual([
      { raw: "FATAL:  x already exists", offset: 4, marks: [0, 1], before: "one", after: "three" },
      { raw: "already exists", offset: 35, marks: [1], before: "three", after: undefined },
    ]);
    expect(tail.at(-1)).toBe("already exists");
  });

  it("finds every line once, wherever its pieces and the buffer end", async () => {
    // Longer than the buffer, in pieces that cut lines and characters.
    const filler = "로그 한 줄 ".repeat(40);
    const lines = Array.from({ length: 9000 }, (_, at) => (at % 3 === 0 ? `FATAL: ${at}` : `${at} ${filler}`));
    const text = lines.join("\n");
    const { found } = await scan(text, 7919);
    expect(found.map(({ raw }) => raw)).toEqual(lines.filter((line) => line.startsWith("FATAL:")));
    const encoded = new TextEncoder().encode(text);
    for (const { raw, offset, before } of found.filter((_, at) => at % 500 === 1)) {
      expect(new TextDecoder().decode(encoded.subarray(offset, offset + raw.length))).toBe(raw);
      expect(before).toContain(filler.trim());
    }
  });

  it("keeps a line without end in bounds", async () => {
    const { found } = await scan(`${"x".repeat(5_000_000)}FATAL: y\nFATAL: z\n`);
    expect(found.at(-1)?.raw).toBe("FATAL: z");
    expect(Math.max(...found.map(({ raw }) => raw.length))).toBeLessThanOrEqual(16 * 1024);
  });
});
