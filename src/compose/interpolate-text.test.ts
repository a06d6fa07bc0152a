import { describe, expect, it } from "vitest";
import { interpolateText } from "./interpolate-text.ts";

const values = new Map([
  ["SET", "set"],
  ["EMPTY", ""],
]);

function interpolate(template: string) {
  return interpolateText(template, (name) => values.get(name));
}

describe("interpolateText", () => {
  it.each([
    ["$SET ${SET}", "set set"],
    ["${SET:-d}|${EMPTY:-d}|${UNSET:-d}", "set|d|d"],
    ["${SET-d}|${EMPTY-d}|${UNSET-d}", "set||d"],
    ["${SET:+a}|${EMPTY:+a}|${UNSET:+a}", "a||"],
    ["${SET+a}|${EMPTY+a}|${UNSET+a}", "a|a|"],
    ["${SET:?m}|${EMPTY?m}", "set|"],
    ["${UNSET:-${EMPTY:-${SET}}}!", "set!"],
    ["${UNSET:-a}-${UNSET:-b}", "a-b"],
    ["$$ $$SET $5 $ end$", "$ $SET $5 $ end$"],
    ["${set:-lower}", "lower"],
    ["${UNSET:-{}}", "{}"],
  ])("%s becomes %s", (template, text) => {
    const result = interpolate(template);
    expect(result.fault).toBeUndefined();
    expect(result.text).toBe(text);
  });

  it.each([
    ["a ${X/a/b}", 2],
    ["${}", 0],
    ["ok ${1A}", 3],
    ["ok ${UNSET:-a\nb}", 3],
    ["open ${SET", 5],
  ])("refuses %j at its place", (template, at) => {
    expect(interpolate(template).fault).toMatchObject({ at });
  });

  it("does not repeat the surrounding text, which may hold a password", () => {
    expect(interpolate("postgres://u:hunter2@h/${X/a/b}").fault?.message).not.toContain("hunter2");
  });

  it("gives the reason of a required variable, itself interpolated", () => {
    expect(interpolate("${UNSET:?run $SET}").fault?.message).toBe(
      "required variable UNSET is missing a value: run set",
    );
  });

  it("tells which variables were read, where, and which became blank", () => {
    expect(interpolate("a $SET ${NOPE} ${GONE:-x}").uses).toEqual([
      { name: "SET", at: 2, length: 4, found: true, blank: false },
      { name: "NOPE", at: 7, length: 7, found: false, blank: true },
      { name: "GONE", at: 15, length: 10, found: false, blank: false },
    ]);
  });
});
