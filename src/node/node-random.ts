import type { Random } from "../ports/random.ts";

/** The operating system's secure random source. Few commands ask it, and loading node:crypto takes milliseconds. */
export const nodeRandom: Random = {
  bytes: (length) => new Uint8Array(process.getBuiltinModule("node:crypto").randomBytes(length)),
};
