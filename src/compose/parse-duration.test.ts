import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration, parseNanoseconds } from "./parse-duration.ts";

describe("parseDuration", () => {
  it.each([
    ["0", 0],
    ["30s", 30_000],
    ["1m30s", 90_000],
    ["1.5h", 5_400_000],
    ["500ms", 500],
    ["2d", 172_800_000],
    ["1w", 604_800_000],
    ["250us", 0.25],
    ["-5s", -5000],
  ])("reads %s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(["", "5", "soon", "5 minutes", "1.s.", "s", "99999999999h"])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("formatDuration", () => {
  it.each([
    ["90s", "1m30s"],
    ["1h", "1h0m0s"],
    ["1500ms", "1.5s"],
    ["500us", "500µs"],
    ["0s", "0s"],
    ["-1.5s", "-1.5s"],
    ["1d", "24h0m0s"],
  ])("prints %s as %s", (text, printed) => {
    expect(formatDuration(parseNanoseconds(text) ?? -1n)).toBe(printed);
  });
});
