import { describe, expect, it } from "vitest";
import { compareReleaseVersions } from "../compare-release-versions.ts";
import { findRelease } from "../find-release.ts";
import { airflowReleases } from "./versions.ts";

const find = (version: string) => findRelease(airflowReleases, version);

describe("airflowReleases", () => {
  it("begins with 2.3.0 and is in order", () => {
    expect(airflowReleases.versions[0]).toBe("2.3.0");
    expect(airflowReleases.versions).toEqual(airflowReleases.versions.toSorted(compareReleaseVersions));
  });

  // Heads as running a release shows them, or its own documentation of migrations.
  it.each([
    ["2.3.0", "b1b348e02d07"],
    ["2.4.0", "ecb43d2a1842"],
    ["2.4.3", "e07f49787c9d"],
    ["2.5.0", "290244fb8b83"],
    ["2.6.0", "98ae134e6fff"],
    ["2.6.2", "c804e5c76e3e"],
    ["2.7.0", "405de8318b3a"],
    ["2.7.3", "405de8318b3a"],
    ["2.8.0", "10b52ebd31f7"],
    ["2.8.1", "88344c1d9134"],
    ["2.9.0", "1949afb29106"],
    ["2.9.2", "686269002441"],
    ["2.10.0", "22ed7efa9da2"],
    ["2.10.3", "5f2621c13b39"],
    ["2.11.2", "5f2621c13b39"],
    ["3.0.0", "29ce7909c52b"],
    ["3.0.3", "fe199e1abd77"],
    ["3.1.0", "cc92b33c6709"],
    ["3.1.8", "509b94a1042d"],
    ["3.2.0", "1d6611b6ab7c"],
    ["3.3.2", "d2f4e1b3c5a7"],
  ])("%s has the head %s", (version, head) => {
    expect(find(version).alembicHeads).toEqual([head]);
  });

  it("has one head, one base and complete parents in every release", () => {
    for (const version of airflowReleases.versions) {
      const { alembicHeads, revisions } = find(version);
      const seen = new Set<string>();
      for (const { id, parents } of revisions) {
        expect(parents.filter((parent) => !seen.has(parent))).toEqual([]);
        seen.add(id);
      }
      expect([version, alembicHeads.length, revisions.filter(({ parents }) => parents.length === 0).length]).toEqual([
        version,
        1,
        1,
      ]);
    }
  });

  it("tells what a revision adds", () => {
    const pool = find("2.7.0").revisions.find(({ id }) => id === "405de8318b3a");
    expect(pool).toMatchObject({
      parents: ["788397e78828"],
      changes: [
        { kind: "add-column", table: "slot_pool", column: "include_deferred" },
        { kind: "alter-column", table: "slot_pool", column: "include_deferred", nullable: false },
      ],
      partly: false,
    });
  });

  it("knows the shorter history from 3.0 on", () => {
    expect(find("2.11.2").revisions[0]?.id).toBe("e3a246e0dc1");
    expect(find("3.0.0").revisions[0]?.id).toBe("937cbd173ca1");
    expect(find("3.3.2").revisions[0]?.id).toBe("4bc4d934e2bc");
    const ids = find("3.3.2").revisions.map(({ id }) => id);
    expect(ids.slice(ids.indexOf("1d6611b6ab7c"))).toEqual(
      [
        "1d6611b6ab7c a4c2d171ae18 9fabad868fdb fde9ed84d07b b8f3e4a1d2c9 a7f3b2c1d4e5 a1b2c3d4e5f6 acc215baed80",
        "8812eb67b63c a7e6d4c3b2f1 c9d4e5f6a7b8 c20871fbf23a dd5f3a8e2b91 9ff64e1c35d3 d2f4e1b3c5a7",
      ].flatMap((line) => line.split(" ")),
    );
  });

  it.each([
    ["2.7.0", "3.8 3.9 3.10 3.11"],
    ["2.10.5", "3.8 3.9 3.10 3.11 3.12"],
    ["2.11.0", "3.9 3.10 3.11 3.12"],
    ["2.11.1", "3.10 3.11 3.12"],
    ["3.0.6", "3.9 3.10 3.11 3.12"],
    ["3.1.0", "3.10 3.11 3.12 3.13"],
    ["3.3.2", "3.10 3.11 3.12 3.13 3.14"],
  ])("%s runs on Python %s", (version, pythons) => {
    expect(find(version).supportedPython).toEqual(pythons.split(" "));
  });
});
