import { isToolError } from "../core/tool-error.ts";
import { installerFailure } from "./installer-failure.ts";
import type { Lock } from "./lock-text.ts";
import type { AlembicChain, PythonEnvironment, PythonInterpreter, SupplyContext } from "./supply.ts";
import { uvEnvironment } from "./uv-environment.ts";

/** A source package that names a version of its build tools that the lock's date did not have, or no longer had. */
const UNFIT_BUILD_TOOLS = /failed to resolve requirements from `/i;

const INSTALL_MS = 60 * 60 * 1000;

/**
 * One line, as `site` asks of a line it executes; costs an environment look-up when the variable is not set. Debian's
 * Python reads the directory twice.
 */
const NAME_HOOK = `import os, sys; _h = os.environ.get("BULKHEAD_HOOK"); _h and not hasattr(sys, "_bulkhead_hook") and (setattr(sys, "_bulkhead_hook", _h), exec(compile(open(_h, encoding="utf-8").read(), _h, "exec"), {"__name__": "bulkhead_hook", "__file__": _h}))
`;

/** Found by its own place, because the environment is renamed after it was built. */
const PIP_PROGRAM = `#!/bin/sh
exec "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)/python" -I -m pip "$@"
`;

export interface PythonInstallation {
  /** Existing directory to fill. */
  readonly directory: string;
  readonly subject: string;
  readonly uv: string;
  readonly python: PythonInterpreter;
  readonly lock: Lock;
  readonly product: string;
}

/**
 * Fills a directory with an environment that works wherever it is moved, and tells what is in it; the product's own
 * Alembic histories come first.
 *
 * Throws ToolError ENVIRONMENT_FAILED, NETWORK_UNREACHABLE, DISK_FULL.
 */
export async function installPythonEnvironment(
  context: SupplyContext,
  installation: PythonInstallation,
): Promise<Pick<PythonEnvironment, "alembic" | "packages">> {
  const { files } = context.io;
  const { directory, subject, uv, python, lock, product } = installation;
  const env = await uvEnvironment(context);
  const run = async (argv: readonly [string, ...string[]]): Promise<string> => {
    const result = await context.io.processes.run({
      argv,
      cwd: context.cache,
      env,
      timeoutMs: INSTALL_MS,
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    if (result.exitCode === 0) return result.stdout;
    throw installerFailure(subject, result.timedOut ? "operation timed out" : result.stderr, "ENVIRONMENT_FAILED");
  };

  context.emit({ type: "prepare", subject, phase: "building", detail: `Python ${python.version}` });
  await run([
    uv,
    "venv",
    "--quiet",
    "--relocatable",
    "--no-project",
    "--allow-existing",
    "--python",
    python.path,
    directory,
  ]);
  const requirements = `${directory}/requirements.lock`;
  const constraints = `${directory}/build-constraints.lock`;
  await files.writeText(requirements, lock.body);
  await files.writeText(constraints, lock.build);
  const program = `${directory}/bin/python`;
  const sync = ["pip", "sync", "--quiet", "--python", program, "--require-hashes", "--compile-bytecode"];
  try {
    await run([uv, ...sync, "--build-constraints", constraints, requirements]);
  } catch (error) {
    if (!isToolError(error) || !UNFIT_BUILD_TOOLS.test(error.message)) throw error;
    const message = `a package of ${subject} has to be built with tools of another time than its lock's: they are not verified by hash`;
    context.emit({ type: "warning", message });
    await run([uv, ...sync, requirements]);
  }

  const site = `${directory}/lib/python${python.series}/site-packages`;
  await files.writeText(`${site}/bulkhead.pth`, NAME_HOOK);
  await installPip(context, directory, site);

  const packages = JSON.parse(await run([uv, "pip", "list", "--quiet", "--python", program, "--format", "json"])) as {
    name: string;
    version: string;
  }[];
  const chains = JSON.parse(
    await run([program, "-I", `${context.resources}/python/read_alembic.py`, site]),
  ) as AlembicChain[];
  const isOwn = (chain: AlembicChain): boolean => chain.package.split(".")[0] === product;
  return {
    alembic: [...chains.filter(isOwn), ...chains.filter((chain) => !isOwn(chain))],
    packages: Object.fromEntries(packages.map((entry) => [entry.name.toLowerCase(), entry.version])),
  };
}

/** Replaces a `pip` that the lock brought, too: nothing may change an environment that projects share. */
async function installPip(context: SupplyContext, directory: string, site: string): Promise<void> {
  const { files } = context.io;
  await files.makeDirectory(`${site}/pip`);
  if (!(await files.exists(`${site}/pip/__init__.py`))) await files.writeText(`${site}/pip/__init__.py`, "");
  const pip = await files.readText(`${context.resources}/python/locked_pip.py`);
  await files.writeText(`${site}/pip/__main__.py`, pip);
  for (const name of ["pip", "pip3"]) await files.writeText(`${directory}/bin/${name}`, PIP_PROGRAM, { mode: 0o755 });
}
