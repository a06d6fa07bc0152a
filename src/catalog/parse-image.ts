import type { ImageReference } from "./product.ts";

/**
 * Splits an image reference as the distribution specification does: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`. The first part
 * is a host only when it holds a dot or colon or is `localhost`. `docker.io` and `library/` are dropped, because
 * `docker.io/library/postgres` and `postgres` are one image.
 */
export function parseImage(reference: string): ImageReference {
  const [withoutDigest = "", digest] = reference.split("@", 2);
  const slash = withoutDigest.lastIndexOf("/");
  const colon = withoutDigest.lastIndexOf(":");
  const hasTag = colon > slash;
  const path = hasTag ? withoutDigest.slice(0, colon) : withoutDigest;
  const parts = path.split("/");
  const first = parts[0] ?? "";
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === "localhost");
  const registry = hasRegistry ? first : undefined;
  const repository = (hasRegistry ? parts.slice(1) : parts).join("/").replace(/^library\//, "");
  return {
    repository,
    registry: registry === "docker.io" || registry === "index.docker.io" ? undefined : registry,
    tag: hasTag ? withoutDigest.slice(colon + 1) : undefined,
    digest,
  };
}
