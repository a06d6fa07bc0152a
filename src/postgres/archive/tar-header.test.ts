import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parseTarHeader, renderTarHeader, tarPadding } from "./tar-header.ts";

describe("tar headers", () => {
  it.each([0, 1, 511, 512, 8 ** 11 - 1, 8 ** 11, 5 * 2 ** 40])("keep a size of %i", (size) => {
    expect(parseTarHeader(renderTarHeader({ name: "databases/1/toc.dat", size }, 1_700_000_000))).toEqual({
      name: "databases/1/toc.dat",
      size,
    });
  });

  it("are read by tar", () => {
    const content = new TextEncoder().encode("hello\n");
    const header = renderTarHeader({ name: "a/b", size: content.length }, 0);
    const file = Buffer.concat([header, content, Buffer.alloc(tarPadding(content.length) + 1024)]);
    expect(execFileSync("tar", ["-xOf", "-", "a/b"], { input: file, encoding: "utf8" })).toBe("hello\n");
    expect(execFileSync("tar", ["-tvf", "-"], { input: file, encoding: "utf8" })).toMatch(/^-rw------- .* 6 1970/);
  });

  it("are refused when a byte is not as it was, and when they are no file's", () => {
    const header = renderTarHeader({ name: "a", size: 3 }, 0);
    for (const at of [0, 124, 130, 156, 257]) {
      const damaged = Uint8Array.from(header);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(parseTarHeader(damaged)).toBeUndefined();
    }
    expect(parseTarHeader(new Uint8Array(512))).toBeUndefined();
    expect(parseTarHeader(header.subarray(0, 100))).toBeUndefined();
  });

  it("take no name that does not fit", () => {
    expect(() => renderTarHeader({ name: "x".repeat(101), size: 0 }, 0)).toThrow("no name");
    expect(() => renderTarHeader({ name: "größe", size: 0 }, 0)).toThrow("no name");
  });
});
