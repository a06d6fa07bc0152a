import { describe, expect, it } from "vitest";
import { formatScalar } from "./format-scalar.ts";
import { resolveScalar } from "./resolve-scalar.ts";

describe("resolveScalar", () => {
  it.each<[string, unknown]>([
    ["010", 8n],
    ["08", 8],
    ["0o17", 15n],
    ["0x1F", 31n],
    ["-0x10", -16n],
    ["0b101", 5n],
    ["1_000", 1000n],
    ["1e3", 1000],
    ["1.10", 1.1],
    [".5", 0.5],
    ["+12", 12n],
    ["18446744073709551615", 18446744073709551615n],
    ["18446744073709551616", 18446744073709551616],
    ["true", true],
    ["FALSE", false],
    ["~", null],
    ["", null],
  ])("reads %s as %s", (text, value) => {
    expect(resolveScalar(text)).toBe(value);
  });

  it.each(["yes", "on", "n", "22:22", "12:30", "1.2.3", "-", ".", "0x", "tRue", "1e999", "2024-02-30", "<<"])(
    "leaves %s as text",
    (text) => {
      expect(resolveScalar(text)).toBe(text);
    },
  );

  it("reads a date as Go prints it", () => {
    expect(resolveScalar("2024-1-3")).toEqual({ text: "2024-01-03 00:00:00 +0000 UTC", iso: "2024-01-03T00:00:00Z" });
    expect(resolveScalar("2001-12-14t21:59:43.10-05:00")).toEqual({
      text: "2001-12-14 21:59:43.1 -0500 -0500",
      iso: "2001-12-14T21:59:43.1-05:00",
    });
  });
});

describe("formatScalar", () => {
  it.each<[number, string]>([
    [1.1, "1.1"],
    [1000, "1000"],
    [1_200_000, "1.2e+06"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-0, "-0"],
    [123456.75, "123456.75"],
  ])("prints %d as Go does", (value, text) => {
    expect(formatScalar(value)).toBe(text);
  });
});
