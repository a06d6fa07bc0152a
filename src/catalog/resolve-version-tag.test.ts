import { describe, expect, it } from "vitest";
import { resolveVersionTag } from "./resolve-version-tag.ts";

const releases = { versions: ["2.9.3", "2.10.0", "2.10.5", "3.1.8", "3.10.0", "3.11.1"] };

describe("resolveVersionTag", () => {
  it.each([
    ["2.10.0", "2.10.0", false],
    ["2.10", "2.10.5", true],
    ["2", "2.10.5", true],
    ["3.1", "3.1.8", true],
    ["latest", "3.11.1", true],
    ["", "3.11.1", true],
  ])("reads %j as %s", (tag, version, floating) => {
    expect(resolveVersionTag(releases, tag)).toEqual({ version, floating });
  });

  it.each(["3.2", "4", "2.10.9", "v2.10.0", "2.10.0-python3.9", "2.", "main", "3.11.1.0"])(
    "does not guess at %j",
    (tag) => {
      expect(resolveVersionTag(releases, tag)).toBeUndefined();
    },
  );
});
