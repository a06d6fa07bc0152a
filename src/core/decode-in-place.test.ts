import { describe, expect, it } from "vitest";
import { decodeInPlace } from "./decode-in-place.ts";

describe("decodeInPlace", () => {
  it.each([
    ["ASCII", Buffer.from("a = 1\n"), "a = 1\n"],
    ["UTF-8 with a byte order mark", Buffer.from("\uFEFFключ"), "\uFEFFключ"],
    ["Latin-1", Buffer.from("café=x", "latin1"), "caf\u001A=x"],
    ["UTF-8 cut inside a character", Buffer.from("é=é").subarray(0, 4), "\u001A\u001A=\u001A"],
  ])("%s", (_what, bytes, text) => {
    expect(decodeInPlace(bytes)).toBe(text);
    expect(Buffer.byteLength(decodeInPlace(bytes))).toBe(bytes.length);
  });
});
