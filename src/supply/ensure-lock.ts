import { allRequirements, lockName } from "./lock-name.ts";
import { lockSatisfies } from "./lock-satisfies.ts";
import type { Lock } from "./lock-text.ts";
import { parseLocks, renderLocks } from "./lock-text.ts";
import { resolveLock } from "./resolve-lock.ts";
import type { PythonInterpreter, PythonRequest, SupplyContext } from "./supply.ts";

const LOCK_WAIT_MS = 60_000;

/**
 * The lock for a request: the one in the project's `bulkhead.lock`, else the one that ships with Bulkhead, else resolved
 * now and added to `bulkhead.lock` (absolute path `projectLockFile`).
 *
 * `uv` is asked for only when something must be resolved. Throws as `resolveLock` and `parseLocks` do.
 */
export async function ensureLock(
  context: SupplyContext,
  uv: () => Promise<string>,
  request: PythonRequest,
  python: PythonInterpreter,
  projectLockFile: string,
): Promise<Lock> {
  const name = lockName(request);
  const own = (await read(context, projectLockFile)).find((entry) => entry.name === name && holdsFor(entry, python));
  const ready = own ?? (await findShipped(context, request, python));
  if (ready !== undefined) return ready;
  const lock = await resolveLock(context, await uv(), request, python);
  const guard = `${context.cache}/locks/project-${projectLockFile.replaceAll(/[^\w.-]+/g, "-").slice(-100)}.lock`;
  await context.io.files.withLock(guard, { waitMs: LOCK_WAIT_MS, signal: context.signal }, async () => {
    const others = (await read(context, projectLockFile)).filter((entry) => entry.name !== name);
    await context.io.files.writeText(projectLockFile, renderLocks([...others, lock]));
  });
  context.emit({
    type: "note",
    message: `resolved the packages of ${request.product} ${request.version} into bulkhead.lock: commit it`,
  });
  return lock;
}

async function findShipped(
  context: SupplyContext,
  request: PythonRequest,
  python: PythonInterpreter,
): Promise<Lock | undefined> {
  const directory = `${context.resources}/locks`;
  const requirements = allRequirements(request);
  for (const file of await context.io.files.list(directory)) {
    if (!file.startsWith(`${request.product}-${request.version}-`)) continue;
    const [lock] = await read(context, `${directory}/${file}`);
    if (lock !== undefined && holdsFor(lock, python) && lockSatisfies(lock, requirements)) return lock;
  }
  return undefined;
}

async function read(context: SupplyContext, path: string): Promise<readonly Lock[]> {
  const text = await context.io.files.readTextIfPresent(path);
  return text === undefined ? [] : parseLocks(text, path);
}

function holdsFor(lock: Lock, python: PythonInterpreter): boolean {
  if (lock.only) return lock.python === python.series;
  return Number(python.series.split(".")[1]) >= Number(lock.python.split(".")[1]);
}
