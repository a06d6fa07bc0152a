/** Takes the lock named by its argument, says so and keeps it until it is ended from outside. */
import { nodeFiles } from "../../../src/node/node-files.ts";

const [, , lock = ""] = process.argv;
await nodeFiles.withLock(lock, { waitMs: 0, signal: new AbortController().signal }, async () => {
  process.send?.("held");
  await new Promise(() => setInterval(() => undefined, 60_000));
});
