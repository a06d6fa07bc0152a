import { guessProduct } from "./guess-product.ts";
import type { Judgement, SightingContext } from "./signature.ts";
import type { Sighting } from "./sighting.ts";

/**
 * Whether the host that a service looks for PostgreSQL at is an application: by the project where there is one, else by its
 * being the service itself or named like one. Undefined: it is not, or nobody can tell.
 */
export function isOtherApplication(
  { service, names }: Sighting,
  { serviceOf, productOf }: SightingContext,
): Judgement | undefined {
  const host = names["host"];
  if (host === undefined) return undefined;
  const target = serviceOf(host);
  if (target !== undefined) {
    const product = productOf(target);
    return product === undefined || product === "postgres" ? undefined : { confidence: "certain" };
  }
  const product = guessProduct(host, []);
  if (product === undefined || product === "postgres") return undefined;
  return { confidence: host === service ? "certain" : "likely" };
}
