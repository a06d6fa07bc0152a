import { ToolError } from "../core/tool-error.ts";
import { installerFailure } from "./installer-failure.ts";
import { allRequirements, lockName } from "./lock-name.ts";
import type { Lock } from "./lock-text.ts";
import { makeReadableDirectory } from "./readable-directory.ts";
import { normaliseRequirement, requirementName } from "./requirement-name.ts";
import type { PythonInterpreter, PythonRequest, SupplyContext } from "./supply.ts";
import { uvEnvironment } from "./uv-environment.ts";

/** Build back ends of packages without a wheel. Cython is not among them: old sources need one older than their date. */
const BUILD_TOOLS = [
  "flit-core",
  "hatch-vcs",
  "hatchling",
  "pdm-backend",
  "poetry-core",
  "setuptools",
  "setuptools-scm",
  "wheel",
];
const RESOLVE_MS = 10 * 60 * 1000;

/**
 * Resolves a request into a lock for all platforms and all Python series it supports: the base as of its release date,
 * then what the project adds as of now, with the base's versions as constraints. Where no set fits all series, one for
 * the chosen interpreter's alone.
 *
 * `uv` is the program. Throws ToolError LOCK_FAILED (no versions fit, or a requirement that has no hash),
 * NETWORK_UNREACHABLE, DISK_FULL.
 */
export async function resolveLock(
  context: SupplyContext,
  uv: string,
  request: PythonRequest,
  python: PythonInterpreter,
): Promise<Lock> {
  const subject = `${request.product} ${request.version}`;
  context.emit({ type: "prepare", subject, phase: "resolving" });
  refuseUnlockable(subject, request);
  const lowest = request.supportedPython[0] ?? python.series;
  try {
    return await resolveFor(context, uv, request, python, lowest, false);
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== "LOCK_FAILED") throw error;
    // What fits this machine is better than nothing; if that fails too, its reason is the clearer one.
    return await resolveFor(context, uv, request, python, python.series, true);
  }
}

/** Sources that have no hash: repositories and directories. */
function refuseUnlockable(subject: string, request: PythonRequest): void {
  for (const line of [...request.base, ...request.extras].map(normaliseRequirement)) {
    if (line !== "" && requirementName(line) !== undefined && !/@(git|hg|svn|bzr|file)[+:]/.test(line)) continue;
    throw new ToolError("LOCK_FAILED", `${subject}: \`${line}\` cannot be locked, only packages of an index can`, {
      hint: "name a released version (name==1.2.3), or run this service under Docker",
      detail: { requirement: line },
    });
  }
}

async function resolveFor(
  context: SupplyContext,
  uv: string,
  request: PythonRequest,
  python: PythonInterpreter,
  series: string,
  only: boolean,
): Promise<Lock> {
  const subject = `${request.product} ${request.version}`;
  const name = lockName(request);
  const work = `${context.cache}/resolve/${name}-${context.io.clock.now()}`;
  const compile = uvCompile(context, uv, subject, [
    ...(only ? [] : ["--universal"]),
    "--python",
    python.path,
    "--python-version",
    series,
  ]);
  const inBase = new Set(request.base.map(normaliseRequirement));
  const base = [...inBase].toSorted();
  const added = request.extras.map(normaliseRequirement).filter((line) => !inBase.has(line));
  const asOf = request.resolvedAsOf;
  await makeReadableDirectory(context, work);
  try {
    let body: string;
    if (asOf === undefined || added.length === 0) {
      body = await compile([...base, ...added], [...newerThan(asOf), "--generate-hashes"]);
    } else {
      const constraints = `${work}/base.txt`;
      await context.io.files.writeText(constraints, await compile(base, newerThan(asOf)));
      body = await compile([...base, ...added], ["--constraints", constraints, "--generate-hashes"]);
    }
    const build = await compile(BUILD_TOOLS, [...newerThan(asOf), "--generate-hashes"]);
    return { name, python: series, only, asOf, requirements: allRequirements(request), body, build };
  } finally {
    await context.io.files.remove(work);
  }
}

/** uv reads a bare date in the machine's own time zone. */
function newerThan(date: string | undefined): readonly string[] {
  if (date === undefined) return [];
  return ["--exclude-newer", date.includes("T") ? date : `${date}T00:00:00Z`];
}

function uvCompile(context: SupplyContext, uv: string, subject: string, common: readonly string[]) {
  return async (requirements: readonly string[], more: readonly string[]): Promise<string> => {
    const result = await context.io.processes.run({
      argv: [uv, "pip", "compile", "-", "--no-header", "--no-annotate", ...common, ...more],
      cwd: context.cache,
      env: await uvEnvironment(context),
      input: `${requirements.join("\n")}\n`,
      timeoutMs: RESOLVE_MS,
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    if (result.exitCode === 0) return result.stdout;
    const reason = result.timedOut ? "operation timed out" : result.stderr;
    const noDates = /missing an upload date/.test(reason);
    throw installerFailure(
      subject,
      reason,
      "LOCK_FAILED",
      noDates
        ? "the package index tells no upload times, so an old release cannot be resolved as of its date: use an index that does (UV_DEFAULT_INDEX=https://pypi.org/simple), or commit a bulkhead.lock made with one"
        : "change the versions in the Dockerfile's or requirements file's pip lines so that they fit together",
    );
  };
}
