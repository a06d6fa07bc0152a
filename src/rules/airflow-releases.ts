import { compareReleaseVersions } from "../catalog/compare-release-versions.ts";
import type { ServiceRole } from "../topology/topology.ts";

/** A full release number: what a tag such as `latest` or `3` does not tell. */
export const airflowReleases = /^\d+\.\d+\.\d+$/;

/** The Airflow release inside a service's container; undefined where its tag tells none. */
export function airflowReleaseOf(role: ServiceRole | undefined): string | undefined {
  const version = role?.base?.product === "airflow" ? role.base.version : undefined;
  const told = version ?? (role?.product === "airflow" ? role.version : undefined);
  return told !== undefined && airflowReleases.test(told) ? told : undefined;
}

/** `isSince("3.3.2", "3.0.0")`. */
export function isSince(version: string, first: string): boolean {
  return compareReleaseVersions(version, first) >= 0;
}
