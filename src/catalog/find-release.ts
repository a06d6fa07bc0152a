import { ToolError } from "../core/tool-error.ts";
import { compareReleaseVersions } from "./compare-release-versions.ts";
import type { Release, ReleaseTable } from "./release-table.ts";

/**
 * The facts of an exact version (`2.7.0`; tags are resolved by `resolveVersionTag`). Throws VERSION_UNKNOWN with the
 * nearest known release, the newest one at or below what was asked for, and the newest of all.
 */
export function findRelease(releases: ReleaseTable, version: string): Release {
  const release = releases.release(version);
  if (release !== undefined) return release;
  const { product, versions } = releases;
  const newest = versions.at(-1);
  const nearest = /^\d+(\.\d+)*$/.test(version)
    ? (versions.findLast((known) => compareReleaseVersions(known, version) <= 0) ?? versions[0])
    : newest;
  const known =
    nearest === newest ? `the newest known is ${newest}` : `the nearest known is ${nearest}, the newest ${newest}`;
  throw new ToolError("VERSION_UNKNOWN", `There is no known ${product} release ${version}: ${known}.`, {
    hint: `Set the image's tag to a release, e.g. ${nearest}.`,
    detail: { product, version, nearest, newest },
  });
}
