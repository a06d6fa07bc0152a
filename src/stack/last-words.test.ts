import { describe, expect, it } from "vitest";
import { pickLastWords } from "./last-words.ts";

describe("pickLastWords", () => {
  it("gives the lines that name an error, last ones last", () => {
    const log = [
      "INFO starting",
      "Traceback (most recent call last):",
      '  File "x.py", line 1, in <module>',
      "alembic.script.revision.ResolutionError: No such revision or branch '405de8318b3a'",
      "",
      "The above exception was the direct cause of the following exception:",
      "alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'",
      "shutting down",
    ].join("\n");
    expect(pickLastWords(log, 2)).toEqual([
      "alembic.script.revision.ResolutionError: No such revision or branch '405de8318b3a'",
      "alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'",
    ]);
  });

  it("falls back to the last lines, colours taken off, repeats told once", () => {
    expect(pickLastWords("one\n\u001B[31mtwo\u001B[0m\ntwo\nthree\n", 2)).toEqual(["two", "three"]);
  });

  it("cuts a line no terminal could show", () => {
    expect(pickLastWords(`Error: ${"x".repeat(900)}`)[0]?.length).toBe(403);
  });
});
