import { describe, expect, it } from "vitest";
import { compareReleaseVersions } from "../compare-release-versions.ts";
import { findRelease } from "../find-release.ts";
import { mlflowReleases } from "./versions.ts";

const find = (version: string) => findRelease(mlflowReleases, version);

describe("mlflowReleases", () => {
  it("begins with 1.20.0 and is in order", () => {
    expect(mlflowReleases.versions[0]).toBe("1.20.0");
    expect(mlflowReleases.versions).toEqual(mlflowReleases.versions.toSorted(compareReleaseVersions));
  });

  // Heads as running a release shows them, or the file names in its wheel's folder of scripts.
  it.each([
    ["1.20.0", "c48cb773bb87"],
    ["1.24.0", "c48cb773bb87"],
    ["1.25.0", "bd07f7e963c5"],
    ["1.28.0", "cc1f77228345"],
    ["1.29.0", "97727af70f4d"],
    ["2.1.0", "97727af70f4d"],
    ["2.2.2", "97727af70f4d"],
    ["2.3.0", "3500859a5d39"],
    ["2.4.0", "7f2a7d5fae7d"],
    ["2.7.1", "7f2a7d5fae7d"],
    ["2.8.0", "acf3f17fdcc7"],
    ["2.12.2", "acf3f17fdcc7"],
    ["2.13.0", "867495a8f9d4"],
    ["2.13.1", "5b0e9adcef9c"],
    ["2.14.3", "5b0e9adcef9c"],
    ["2.15.0", "4465047574b1"],
    ["2.17.0", "f5a4f2784254"],
    ["2.22.0", "0584bdc529eb"],
    ["3.0.0", "6953534de441"],
    ["3.0.1", "bda7b8c39065"],
    ["3.1.0", "6953534de441"],
    ["3.2.0", "770bee3ae1dd"],
    ["3.3.0", "1a0cddfcaa16"],
    ["3.4.0", "71994744cf8e"],
    ["3.6.0", "bf29a5ff90ea"],
    ["3.17.2", "dc11669786a5"],
  ])("%s has the head %s", (version, head) => {
    expect(find(version).alembicHeads).toEqual([head]);
  });

  it("has one head, one base and complete parents in every release and both histories", () => {
    for (const version of mlflowReleases.versions) {
      const { alembicHeads, revisions, authRevisions } = find(version);
      expect([version, alembicHeads.length]).toEqual([version, 1]);
      for (const history of [revisions, authRevisions]) {
        const seen = new Set<string>();
        for (const { id, parents } of history) {
          expect(parents.filter((parent) => !seen.has(parent))).toEqual([]);
          expect(parents.length === 0).toBe(seen.size === 0);
          seen.add(id);
        }
      }
    }
  });

  it("keeps the history of the basic-auth app apart", () => {
    expect(find("2.4.2").authRevisions).toEqual([]);
    expect(find("2.5.0").authRevisions.map(({ id }) => id)).toEqual(["8606fa83a998"]);
    expect(find("3.17.2").authRevisions.map(({ id }) => id)).toContain("a1b2c3d4e5f6");
  });

  it("knows that what is for MySQL only does nothing on PostgreSQL", () => {
    const revision = find("2.16.0").revisions.at(-1);
    expect(revision).toMatchObject({ id: "4465047574b1", changes: [], partly: false });
  });

  it("leaves out withdrawn releases, and one whose own parts were never released", () => {
    expect(mlflowReleases.versions).not.toContain("2.0.0");
    expect(mlflowReleases.versions).not.toContain("3.11.0");
    expect(mlflowReleases.versions).not.toContain("3.18.0");
  });

  it.each([
    ["1.20.0", "3.6 3.7 3.8 3.9"],
    ["2.7.1", "3.8 3.9 3.10 3.11"],
    ["2.22.0", "3.9 3.10 3.11 3.12 3.13"],
    ["3.17.2", "3.10 3.11 3.12 3.13 3.14"],
  ])("%s runs on Python %s", (version, pythons) => {
    expect(find(version).supportedPython).toEqual(pythons.split(" "));
  });
});
