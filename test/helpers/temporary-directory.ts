import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TemporaryDirectory extends AsyncDisposable {
  /** Absolute; every account can enter it. */
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * A fresh directory that the unprivileged account of the units can reach: `await using directory = await
 * createTemporaryDirectory()` in a test, or `remove()` in `afterAll`.
 */
export async function createTemporaryDirectory(): Promise<TemporaryDirectory> {
  const base = (await isReachableByAll(tmpdir())) ? tmpdir() : "/tmp";
  const path = await mkdtemp(join(base, "bh-"));
  await chmod(path, 0o755);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return { path, remove, [Symbol.asyncDispose]: remove };
}

/** Whether an account without rights of its own can walk to the directory. */
async function isReachableByAll(directory: string): Promise<boolean> {
  for (let current = directory; ; current = dirname(current)) {
    if (((await stat(current)).mode & 0o001) === 0) return false;
    if (current === dirname(current)) return true;
  }
}
