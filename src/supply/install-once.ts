import { makeReadableDirectory } from "./readable-directory.ts";
import { diskFailure, installerFailure } from "./installer-failure.ts";
import type { SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";

/** Longer than the slowest download and build on a slow line. */
const LOCK_WAIT_MS = 30 * 60 * 1000;

export interface Installation {
  /** Final absolute directory; it exists only when it is complete. */
  readonly directory: string;
  /** What it is, in the user's words: `PostgreSQL 13 server`. */
  readonly subject: string;
  /** Fills the empty directory given to it. */
  readonly build: (staging: string) => Promise<void>;
}

/**
 * Installs something into the cache exactly once, whoever else tries at the same time: built in a directory beside the
 * final one, made readable for everybody, written to disk, renamed. What an interrupted build left is removed first.
 *
 * Throws what `build` throws, ToolError DISK_FULL when the disk is full, PROJECT_BUSY when another builder takes longer
 * than half an hour.
 */
export async function installOnce(context: SupplyContext, { directory, subject, build }: Installation): Promise<void> {
  const { files, clock } = context.io;
  if (await files.exists(directory)) return;
  try {
    await makeReadableDirectory(context, directory.slice(0, directory.lastIndexOf("/")));
    const locks = `${context.cache}/locks`;
    await makeReadableDirectory(context, locks);
    const lock = `${locks}/${directory.slice(context.cache.length + 1).replaceAll("/", "-")}.lock`;
    const onWait = (holder: { pid: number }): void =>
      context.emit({ type: "note", message: `${subject} is being installed by process ${holder.pid}: waiting for it` });
    await files.withLock(lock, { waitMs: LOCK_WAIT_MS, signal: context.signal, onWait }, async () => {
      if (await files.exists(directory)) return;
      const started = clock.now();
      await removeLeftovers(context, directory);
      // A name of its own: an installer that outlived its killed parent may still write into the old one.
      const staging = `${directory}.staging-${started.toString(36)}`;
      try {
        await makeReadableDirectory(context, staging);
        await build(staging);
        context.signal.throwIfAborted();
        await finish(context, subject, staging);
        await files.rename(staging, directory);
      } catch (error) {
        await files.remove(staging).catch(() => undefined);
        throw error;
      }
      context.emit({ type: "prepare", subject, phase: "ready", seconds: (clock.now() - started) / 1000 });
    });
  } catch (error) {
    throw diskFailure(subject, error) ?? error;
  }
}

/** What earlier, interrupted builds of the same directory left. What cannot be removed now is left to the next build. */
async function removeLeftovers(context: SupplyContext, directory: string): Promise<void> {
  const { files } = context.io;
  const parent = directory.slice(0, directory.lastIndexOf("/"));
  const prefix = `${directory.slice(parent.length + 1)}.staging-`;
  for (const name of await files.list(parent)) {
    if (name.startsWith(prefix)) await files.remove(`${parent}/${name}`).catch(() => undefined);
  }
}

/** Readable for the account units run as even under umask 077, and on the disk before its name says it is complete. */
async function finish(context: SupplyContext, subject: string, staging: string): Promise<void> {
  const env = toolEnvironment(context.io.host);
  const readable = await context.io.processes.run({
    argv: ["chmod", "-R", "u+rwX,go+rX,go-w", staging],
    cwd: "/",
    env,
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  if (readable.exitCode !== 0) throw installerFailure(subject, readable.stderr, "ENVIRONMENT_FAILED");
  const argv: [string, ...string[]] = context.io.host.platform === "linux" ? ["sync", "-f", staging] : ["sync"];
  // A file system that cannot is no reason to go without: the worst after a power loss is a build that must be removed.
  await context.io.processes.run({ argv, cwd: "/", env, signal: context.signal }).catch(() => undefined);
  context.signal.throwIfAborted();
}
