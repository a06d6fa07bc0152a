import { describe, expect, it } from "vitest";
import { assertPlatform } from "./assert-platform.ts";

describe("assertPlatform", () => {
  it("names supported machines", () => {
    expect(assertPlatform({ platform: "linux", arch: "arm64", libc: "glibc" })).toBe("linux-arm64");
    expect(assertPlatform({ platform: "darwin", arch: "x64", libc: "other" })).toBe("darwin-x64");
  });

  it.each([
    [{ platform: "linux", arch: "x64", libc: "musl" }, /musl/],
    [{ platform: "win32", arch: "x64", libc: "other" }, /Windows/],
    [{ platform: "linux", arch: "s390x", libc: "glibc" }, /linux-s390x/],
  ] as const)("refuses %o", (host, message) => {
    expect(() => assertPlatform(host)).toThrow(expect.objectContaining({ code: "PLATFORM_UNSUPPORTED" }));
    expect(() => assertPlatform(host)).toThrow(message);
  });
});
