import type { ReleaseTable } from "./release-table.ts";

/** What a version tag means. `floating`: the same tag may mean another release tomorrow. */
export interface ResolvedVersion {
  readonly version: string;
  readonly floating: boolean;
}

/**
 * The release that the version part of an image tag means: itself when it is one; the newest of a `MAJOR` or
 * `MAJOR.MINOR`; the newest of all for `latest` and for no tag. Undefined when no release matches. What a product
 * writes around the version (`v3.17.2`, `3.3.2-python3.11`) is taken off before.
 */
export function resolveVersionTag(releases: Pick<ReleaseTable, "versions">, tag: string): ResolvedVersion | undefined {
  if (releases.versions.includes(tag)) return { version: tag, floating: false };
  const matches =
    tag === "" || tag === "latest"
      ? releases.versions
      : /^\d+(\.\d+)?$/.test(tag)
        ? releases.versions.filter((version) => version.startsWith(`${tag}.`))
        : [];
  const version = matches.at(-1);
  return version === undefined ? undefined : { version, floating: true };
}
