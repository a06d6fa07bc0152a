import type { UrlSpan } from "../topology/parse-database-url.ts";
import type { AddressPart } from "../topology/span-of-part.ts";
import type { WrittenAddress } from "../topology/topology.ts";

/** Where a part of an address stands in its text; all of the text where the part is not written. */
export function rangeOfPart({ url, text }: WrittenAddress, part: AddressPart | "all"): UrlSpan {
  const written =
    part === "all"
      ? undefined
      : typeof part === "string"
        ? url?.spans[part]
        : url?.queryItems.findLast((item) => item.name === part.query)?.span;
  return written === undefined || written[0] === written[1] ? [0, text.text.length] : written;
}
