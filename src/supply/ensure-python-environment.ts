import { createHash } from "node:crypto";
import { choosePython } from "./choose-python.ts";
import { ensureLock } from "./ensure-lock.ts";
import { ensureUv } from "./ensure-uv.ts";
import { findPythons } from "./find-pythons.ts";
import { installOnce } from "./install-once.ts";
import { installPythonEnvironment } from "./install-python-environment.ts";
import type { Lock } from "./lock-text.ts";
import type { PythonEnvironment, PythonInterpreter, PythonRequest, SupplyContext } from "./supply.ts";

/** Raised when what an environment holds besides its packages changes. */
const INSTALLER_FORMAT = 1;

/** The description that is written last into each environment. */
const DESCRIPTION = "bulkhead.json";

/**
 * A complete environment for a request, from the cache or built now: interpreter chosen, packages locked, installed
 * with hashes checked and compiled, with the name hook, a `pip` that changes nothing, and its Alembic histories read.
 *
 * `projectLockFile` is the absolute path of the project's `bulkhead.lock`. Different environments may be built at the
 * same time; equal ones are built once, also by two processes.
 *
 * Throws ToolError PYTHON_NOT_FOUND, LOCK_FAILED, ENVIRONMENT_FAILED, NETWORK_UNREACHABLE, DOWNLOAD_FAILED, DISK_FULL.
 */
export async function ensurePythonEnvironment(
  context: SupplyContext,
  request: PythonRequest,
  { projectLockFile }: { readonly projectLockFile: string },
): Promise<PythonEnvironment> {
  const subject = `${request.product} ${request.version}`;
  const python = await findPython(context, request);
  let uv: Promise<string> | undefined;
  const needUv = (): Promise<string> => (uv ??= ensureUv(context));
  const lock = await ensureLock(context, needUv, request, python, projectLockFile);
  const key = environmentKey(context, lock, python);
  const directory = `${context.cache}/environments/${request.product}-${request.version}-${key}`;
  await installOnce(context, {
    directory,
    subject,
    build: async (staging) => {
      if (request.preferredPython !== undefined && request.preferredPython !== python.series) {
        const message = `${subject} runs on Python ${python.version}: the image's ${request.preferredPython} is not on this machine`;
        context.emit({ type: "note", message });
      }
      const content = await installPythonEnvironment(context, {
        directory: staging,
        subject,
        uv: await needUv(),
        python,
        lock,
        product: request.product,
      });
      const description: Description = { key, python, ...content };
      await context.io.files.writeText(`${staging}/${DESCRIPTION}`, `${JSON.stringify(description, null, 2)}\n`);
    },
  });
  const text = await context.io.files.readText(`${directory}/${DESCRIPTION}`);
  return { directory, ...(JSON.parse(text) as Description) };
}

async function findPython(context: SupplyContext, request: PythonRequest): Promise<PythonInterpreter> {
  try {
    return choosePython(request, await findPythons(context));
  } catch {
    // Remembered answers do not know that a directory on the way has been opened since.
    return choosePython(request, await findPythons(context, { askAgain: true }));
  }
}

type Description = Omit<PythonEnvironment, "directory">;

function environmentKey(context: SupplyContext, lock: Lock, python: PythonInterpreter): string {
  const { platform, arch } = context.io.host;
  return createHash("sha256")
    .update(JSON.stringify([INSTALLER_FORMAT, platform, arch, python.path, python.version, lock.body]))
    .digest("hex")
    .slice(0, 16);
}
