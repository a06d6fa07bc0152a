import type { ProductId } from "../catalog/product.ts";
import type { Signature } from "./signature.ts";

/** For lines that other programs may write too: certain where the product wrote them, likely elsewhere. */
export function certainIn(product: ProductId): NonNullable<Signature["judge"]> {
  return ({ evidence: [{ block }] }, context) => ({
    confidence:
      context.product === product || block.some((line) => line.includes(`/${product}/`)) ? "certain" : "likely",
  });
}
