import { expect, it } from "vitest";
import { compareReleaseVersions } from "./compare-release-versions.ts";

it("orders by number, not by text", () => {
  const versions = ["3.0.0", "2.10.3", "2.9.0", "2.10", "2.9.10"];
  expect(versions.toSorted(compareReleaseVersions)).toEqual(["2.9.0", "2.9.10", "2.10", "2.10.3", "3.0.0"]);
});

it("counts a missing part as 0", () => {
  expect(compareReleaseVersions("3.1", "3.1.0")).toBe(0);
});
