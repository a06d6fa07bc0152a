import { isToolError, ToolError } from "../core/tool-error.ts";
import { installerFailure } from "./installer-failure.ts";
import { allRequirements, lockName } from "./lock-name.ts";
import type { Lock } from "./lock-text.ts";
import { makeReadableDirectory } from "./readable-directory.ts";
import { normaliseRequirement, requirementName } from "./requirement-name.ts";
import type { PythonInterpreter, PythonRequest, SupplyContext } from "./supply.ts";
import { uvEnvironment } from "./uv-environment.ts";

/** Build back ends of packages without a wheel. Cython is not among them: old sources need one older than their date. */
const BUILD_TOOLS: readonly string[] = [
  "flit-core",
  "hatch-vcs",
  "hatchling",
  "pdm-backend",
  "poetry-core",
  "setuptools",
  "setuptools-scm",
  "wheel",
];
/** What interpreters are looked for from: find-pythons.ts. */
const OLDEST_MINOR = 8;
const RESOLVE_MS = 10 * 60 * 1000;

/**
 * Resolves a request into a lock for all platforms and all Python series it supports: the base as of its release date,
 * then what the project adds as of now, with the base's versions as constraints (where that cannot be, as preferences).
 * Where no set fits all series, one from the chosen interpreter's on, or for this machine alone.
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
  const lowest = request.supportedPython.find((series) => minor(series) >= OLDEST_MINOR) ?? python.series;
  const attempts: readonly Target[] = [
    { series: lowest, only: false },
    ...(lowest === python.series ? [] : [{ series: python.series, only: false }]),
    { series: python.series, only: true },
  ];
  let failure: unknown;
  for (const target of attempts) {
    try {
      return await resolveFor(context, uv, request, python, target);
    } catch (error) {
      if (!isToolError(error) || error.code !== "LOCK_FAILED") throw error;
      failure = error;
    }
  }
  throw failure;
}

/** The Python series a lock is for: from this one on, or this one on this machine only. */
interface Target {
  readonly series: string;
  readonly only: boolean;
}

function minor(series: string): number {
  return Number(series.split(".")[1]);
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
  { series, only }: Target,
): Promise<Lock> {
  const name = lockName(request);
  const work = `${context.cache}/resolve/${name}-${context.io.clock.now().toString(36)}`;
  const compile = uvCompile(context, uv, request, [
    ...(only ? [] : ["--universal"]),
    "--python",
    python.path,
    "--python-version",
    series,
  ]);
  await makeReadableDirectory(context, work);
  try {
    const body = await resolveBody(context, compile, request, work);
    const build = await resolveBuildTools(compile, request.resolvedAsOf);
    return {
      name,
      python: series,
      only,
      asOf: request.resolvedAsOf,
      requirements: allRequirements(request),
      body,
      build,
    };
  } finally {
    await context.io.files.remove(work);
  }
}

async function resolveBody(
  context: SupplyContext,
  compile: Compile,
  request: PythonRequest,
  work: string,
): Promise<string> {
  const { files } = context.io;
  const asOf = newerThan(request.resolvedAsOf);
  const base = [...new Set(request.base.map(normaliseRequirement))].toSorted();
  const added = request.extras.map(normaliseRequirement).filter((line) => !base.includes(line));
  if (asOf.length === 0 || added.length === 0)
    return await compile([...base, ...added], [...asOf, "--generate-hashes"]);

  const pins = await compile(base, asOf);
  const pinned = `${work}/base.txt`;
  await files.writeText(pinned, pins);
  try {
    return await compile([...base, ...added], ["--constraints", pinned, "--generate-hashes"]);
  } catch (error) {
    if (!isToolError(error) || error.code !== "LOCK_FAILED") throw error;
    // As pip would: the base's versions where they fit, others where the project's own packages ask for them.
    const body = await compile([...base, ...added], ["--generate-hashes", "--output-file", pinned]);
    const message = `${added.join(", ")} of the project replace packages that ${request.product} ${request.version} was released with`;
    context.emit({ type: "warning", message });
    return body;
  }
}

/** The newest of each at the time; those that did not exist yet are left out. */
async function resolveBuildTools(compile: Compile, asOf: string | undefined): Promise<string> {
  let tools = BUILD_TOOLS;
  for (;;) {
    try {
      return await compile(tools, [...newerThan(asOf), "--generate-hashes"]);
    } catch (error) {
      const missing = isToolError(error) ? /there are no versions of (\S+)/.exec(error.message)?.[1] : undefined;
      const rest = tools.filter((tool) => tool !== missing);
      if (rest.length === tools.length || rest.length === 0) throw error;
      tools = rest;
    }
  }
}

/** uv reads a bare date in the machine's own time zone. */
function newerThan(date: string | undefined): readonly string[] {
  if (date === undefined) return [];
  return ["--exclude-newer", date.includes("T") ? date : `${date}T00:00:00Z`];
}

type Compile = (requirements: readonly string[], more: readonly string[]) => Promise<string>;

/** Runs `uv pip compile` with these and the common options; gives its output. */
function uvCompile(context: SupplyContext, uv: string, request: PythonRequest, common: readonly string[]): Compile {
  return async (requirements, more) => {
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
    throw installerFailure(`${request.product} ${request.version}`, reason, "LOCK_FAILED", hintFor(reason, request));
  };
}

function hintFor(reason: string, request: PythonRequest): string {
  if (/missing an upload date/.test(reason)) {
    return "the package index tells no upload times, so an old release cannot be resolved as of its date: use an index that does (UV_DEFAULT_INDEX=https://pypi.org/simple), or commit a bulkhead.lock made with one";
  }
  return request.extras.length === 0
    ? "use another release in the image tag, or run this service under Docker"
    : "change the versions in the Dockerfile's or requirements file's pip lines so that they fit together";
}
