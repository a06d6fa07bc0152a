import { createHash } from "node:crypto";
import { normaliseRequirement } from "./requirement-name.ts";
import type { PythonRequest } from "./supply.ts";

/** Every requirement line of a request once, normalised and sorted. */
export function allRequirements(request: Pick<PythonRequest, "base" | "extras">): readonly string[] {
  return [...new Set([...request.base, ...request.extras].map(normaliseRequirement))].toSorted();
}

/**
 * Name of the lock for a request: `airflow-3.3.2-1a2b3c4d`. Equal for equal inputs however they are spelled and divided
 * into base and extras; it names shipped lock files and the sections of `bulkhead.lock`.
 */
export function lockName(request: Pick<PythonRequest, "product" | "version" | "base" | "extras">): string {
  const hash = createHash("sha256").update(allRequirements(request).join("\n")).digest("hex").slice(0, 8);
  return `${request.product}-${request.version}-${hash}`;
}
