import { createHash } from "node:crypto";

/**
 * Stands in the environment of every process of a unit, as `NAME=VALUE`. The state directory's hash tells projects
 * apart, also those of two homes with one name.
 */
export function unitMarker(stateDirectory: string, service: string): string {
  const hash = createHash("sha256").update(stateDirectory).digest("hex").slice(0, 16);
  return `BULKHEAD_UNIT=${hash}/${service}`;
}
