import { describe, expect, it } from "vitest";
import { createSourceText, decodeSource } from "./source-text.ts";

describe("SourceText", () => {
  it("counts bytes for spans and code points for columns", () => {
    const text = "\uFEFF# Größe 漢字 😀\r\nkey: 😀 value\r\n";
    const source = createSourceText("f", text);
    const at = text.indexOf("value");
    const span = source.span(at, at + 5);
    expect(Buffer.from(text).subarray(span.start, span.end).toString()).toBe("value");
    expect(span).toMatchObject({ line: 2, column: 8 });
    expect(source.span(1, 2)).toMatchObject({ start: 3, line: 1, column: 1 });
  });

  it("refuses bytes that are no UTF-8", () => {
    expect(decodeSource("f", Uint8Array.from([0x61, 0xff]))).toBeUndefined();
  });
});
