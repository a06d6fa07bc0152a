import { describe, expect, it } from "vitest";
import { cacheDirectory } from "./cache-directory.ts";

const user = { env: {}, home: "/home/ann", platform: "linux", uid: 1000, cwd: "/here" } as const;

describe("cacheDirectory", () => {
  it.each([
    ["an ordinary user", user, "/home/ann/.cache/bulkhead"],
    ["root", { ...user, uid: 0 }, "/var/cache/bulkhead"],
    ["macOS", { ...user, platform: "darwin" as const }, "/home/ann/Library/Caches/bulkhead"],
    ["XDG", { ...user, env: { XDG_CACHE_HOME: "/big/cache" } }, "/big/cache/bulkhead"],
    ["a relative XDG directory", { ...user, env: { XDG_CACHE_HOME: "cache" } }, "/home/ann/.cache/bulkhead"],
    ["a named directory", { ...user, uid: 0, env: { BULKHEAD_CACHE_DIR: "/c" } }, "/c"],
    ["a named relative directory", { ...user, env: { BULKHEAD_CACHE_DIR: "c" } }, "/here/c"],
  ])("%s", (_name, host, expected) => {
    expect(cacheDirectory(host)).toBe(expected);
  });
});
