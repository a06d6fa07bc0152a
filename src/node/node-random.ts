import { randomBytes } from "node:crypto";
import type { Random } from "../ports/random.ts";

/** The operating system's secure random source. */
export const nodeRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
};
