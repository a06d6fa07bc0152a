import { describe, expect, it } from "vitest";
import { isToolError } from "../core/tool-error.ts";
import { airflowReleases } from "./airflow/versions.ts";
import { findRelease } from "./find-release.ts";

function failure(version: string) {
  try {
    findRelease(airflowReleases, version);
  } catch (error) {
    if (isToolError(error)) return error;
    throw error;
  }
  throw new Error(`${version} was found`);
}

describe("findRelease", () => {
  it("gives the facts of an exact version", () => {
    expect(findRelease(airflowReleases, "2.7.0")).toMatchObject({
      version: "2.7.0",
      releasedOn: "2023-08-18",
      supportedPython: ["3.8", "3.9", "3.10", "3.11"],
      alembicHeads: ["405de8318b3a"],
    });
  });

  it("names the nearest release below, and the newest", () => {
    const error = failure("2.7.9");
    const newest = airflowReleases.versions.at(-1);
    expect(error.code).toBe("VERSION_UNKNOWN");
    expect(error.message).toBe(
      `There is no known airflow release 2.7.9: the nearest known is 2.7.3, the newest ${newest}.`,
    );
    expect(error.hint).toContain("2.7.3");
    expect(error.detail).toEqual({ product: "airflow", version: "2.7.9", nearest: "2.7.3", newest });
    expect(error.exitCode).toBe(2);
  });

  it("names the oldest when asked for something older", () => {
    expect(failure("1.10.15").detail).toMatchObject({ nearest: "2.3.0" });
  });

  it.each(["99.0.0", "main", "2.7.0-python3.9", "2.7.0rc1"])("names only the newest for %s", (version) => {
    const newest = airflowReleases.versions.at(-1);
    expect(failure(version).message).toBe(
      `There is no known airflow release ${version}: the newest known is ${newest}.`,
    );
  });

  it("does not find withdrawn releases", () => {
    expect(failure("3.1.4").detail).toMatchObject({ nearest: "3.1.3" });
  });
});
