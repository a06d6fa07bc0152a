import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { mlflowRequirements } from "../../src/catalog/mlflow/requirements.ts";
import type { ProgressEvent } from "../../src/core/event.ts";
import { isToolError } from "../../src/core/tool-error.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { ensurePythonEnvironment } from "../../src/supply/ensure-python-environment.ts";
import { findPythons } from "../../src/supply/find-pythons.ts";
import { prepareCache } from "../../src/supply/prepare-cache.ts";
import type { PythonEnvironment, PythonRequest, SupplyContext } from "../../src/supply/supply.ts";
import { bundleChild } from "../helpers/bundle-child.ts";
import { supplyContext } from "../helpers/supply-context.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import type { TemporaryDirectory } from "../helpers/temporary-directory.ts";

const io = createNodePorts();
const events: ProgressEvent[] = [];
const supportedPython = ["3.10", "3.11", "3.12", "3.13"];

/** A lock for it ships with Bulkhead. */
const mlflow: PythonRequest = {
  product: "mlflow",
  version: "3.17.2",
  preferredPython: "3.10",
  supportedPython,
  base: mlflowRequirements("3.17.2"),
  extras: ["psycopg2-binary==2.9.13"],
  resolvedAsOf: "2026-10-28",
};
/** Must be resolved: the base as of 2023, the extra as of now. */
const small: PythonRequest = {
  ...mlflow,
  version: "0.1",
  base: ["packaging"],
  extras: ["Six>=1.17"],
  resolvedAsOf: "2023-06-01",
};

let directory: TemporaryDirectory;
let context: SupplyContext;
let projectLockFile: string;
let environment: PythonEnvironment;

beforeAll(async () => {
  directory = await createTemporaryDirectory();
  context = await supplyContext({ cache: join(directory.path, "cache"), emit: (event) => events.push(event) });
  projectLockFile = join(directory.path, "bulkhead.lock");
  const umask = process.umask(0o077);
  try {
    await prepareCache(context);
    environment = await ensurePythonEnvironment(context, mlflow, { projectLockFile });
  } finally {
    process.umask(umask);
  }
});
afterAll(() => directory.remove());

describe("an environment from a shipped lock, built under umask 077", () => {
  it("runs as the account of the units", async () => {
    expect(await run(["mlflow", "--version"])).toMatchObject({ exitCode: 0, stdout: "mlflow, version 3.17.2\n" });
  });

  it("tells its packages and Alembic histories", () => {
    expect(environment.packages).toMatchObject({ mlflow: "3.17.2", "psycopg2-binary": expect.any(String) });
    expect(environment.alembic[0]).toMatchObject({
      package: "mlflow",
      versionTable: "alembic_version",
      heads: ["dc11669786a5"],
    });
    expect(environment.alembic[0]?.revisions[0]).toBe("451aebb31d03");
    expect(environment.alembic[1]).toMatchObject({
      package: "mlflow.server.auth",
      versionTable: "alembic_version_auth",
    });
  });

  it("leaves the project's directory alone", async () => {
    expect(await io.files.exists(projectLockFile)).toBe(false);
  });

  it("is compiled", async () => {
    const compiled = `${environment.directory}/lib/python${environment.python.series}/site-packages/mlflow/__pycache__`;
    expect(await io.files.list(compiled)).toContain(
      `__init__.cpython-${environment.python.series.replace(".", "")}.pyc`,
    );
  });

  it("is found again, with nothing to do", async () => {
    const before = events.length;
    expect(await ensurePythonEnvironment(context, mlflow, { projectLockFile })).toEqual(environment);
    expect(events.slice(before)).toEqual([]);
  });
});

describe("its pip", () => {
  it.each([
    ["psycopg2-binary"],
    ["-q", "--no-cache-dir", "mlflow[extras]>=3"],
    ["--upgrade", "pip"],
    ["nothing; python_version < '3'"],
  ])("is satisfied with %s %s", async (...wanted) => {
    expect(await run(["pip", "install", ...wanted])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("says so as pip does", async () => {
    expect((await run(["pip", "install", "mlflow"])).stdout).toBe("Requirement already satisfied: mlflow (3.17.2)\n");
    expect((await run(["python", "-m", "pip", "freeze"])).stdout).toContain("mlflow==3.17.2\n");
  });

  it.each([
    [["install", "nose"], "nose is not in this environment"],
    [["install", "mlflow==2.7.1"], "mlflow==2.7.1 is wanted and mlflow 3.17.2 is in this environment"],
    [["install", "git+https://host/x.git"], "cannot install git+https://host/x.git"],
    [["install", "-r", "/nowhere.txt"], "cannot read /nowhere.txt"],
    [["uninstall", "-y", "mlflow"], "`pip uninstall` cannot change it"],
  ])("refuses %s in one line", async (args, reason) => {
    const { exitCode, stdout, stderr } = await run(["pip", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(reason);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("reads requirements files", async () => {
    const file = join(directory.path, "requirements.txt");
    await io.files.writeText(file, "# comment\nmlflow>=3 # why\n-i https://index/simple\npsycopg2-binary \\\n  >=2\n", {
      mode: 0o644,
    });
    expect((await run(["pip", "install", "-r", file])).stdout.match(/already satisfied/g)).toHaveLength(2);
  });
});

describe("its name hook", () => {
  const program = "import subprocess, sys; subprocess.run([sys.executable, '-I', '-c', 'print(1)'], check=True)";

  it("runs the named file in the process and in those it starts", async () => {
    const hook = join(directory.path, "hook.py");
    await io.files.writeText(hook, 'print("hooked", __name__, __file__ is not None, flush=True)\n', { mode: 0o644 });
    const { stdout } = await run(["python", "-c", program], { BULKHEAD_HOOK: hook });
    expect(stdout).toBe("hooked bulkhead_hook True\nhooked bulkhead_hook True\n1\n");
  });

  it("does nothing when none is named", async () => {
    expect(await run(["python", "-c", program])).toMatchObject({ stdout: "1\n", stderr: "" });
  });
});

describe("a request without a shipped lock", () => {
  let built: PythonEnvironment;
  beforeAll(async () => {
    built = await ensurePythonEnvironment(context, small, { projectLockFile });
  });

  it("takes the base as of its date and extras as of now", () => {
    expect(built.packages).toMatchObject({ packaging: "23.1", six: expect.stringMatching(/^1\.(1[7-9]|[2-9]\d)/) });
  });

  it("is written to bulkhead.lock once and used from there", async () => {
    const text = await io.files.readText(projectLockFile);
    expect(text).toMatch(/^\[mlflow-0\.1-[0-9a-f]{8}\]$/m);
    expect(text).not.toMatch(/https?:/);
    const other = { ...small, version: "0.2", extras: [] };
    await ensurePythonEnvironment(context, other, { projectLockFile });
    const both = await io.files.readText(projectLockFile);
    expect(both.match(/^\[/gm)).toHaveLength(2);
    const before = events.length;
    await ensurePythonEnvironment(context, { ...small, base: ["Packaging"] }, { projectLockFile });
    await ensurePythonEnvironment(context, other, { projectLockFile });
    expect(events.slice(before)).toEqual([]);
    expect(await io.files.readText(projectLockFile)).toBe(both);
  });

  it("refuses what has no hash", async () => {
    const wish = { ...small, extras: ["git+https://host/x.git"] };
    await expect(ensurePythonEnvironment(context, wish, { projectLockFile })).rejects.toMatchObject({
      code: "LOCK_FAILED",
      message: expect.stringContaining("git+https://host/x.git"),
    });
  });

  it("lets a package of the project replace one of the base, as pip does", async () => {
    const wish = { ...small, version: "0.6", extras: ["packaging==24.0"] };
    const replaced = await ensurePythonEnvironment(context, wish, { projectLockFile });
    expect(replaced.packages).toMatchObject({ packaging: "24.0" });
    expect(events.at(-1)).toMatchObject({ type: "prepare", phase: "ready" });
    expect(events).toContainEqual({
      type: "warning",
      message: "packaging==24.0 of the project replace packages that mlflow 0.6 was released with",
    });
  });

  it("says which versions do not fit together", async () => {
    const wish = { ...small, extras: ["packaging==24.0", "packaging<23"] };
    await expect(ensurePythonEnvironment(context, wish, { projectLockFile })).rejects.toMatchObject({
      code: "LOCK_FAILED",
      message: expect.stringMatching(/packaging==24\.0/),
      hint: expect.stringContaining("pip lines"),
    });
  });
});

describe("faults", () => {
  let program: string;
  beforeAll(async () => {
    program = await bundleChild(new URL("children/ensure-environment.ts", import.meta.url), directory.path);
  });

  const child = (request: PythonRequest, cache: string, killAt?: string): [string, string] => {
    const { resources, unitUser } = context;
    return [program, JSON.stringify({ cache, resources, unitUser, request, projectLockFile, killAt })];
  };
  const environmentsIn = async (cache: string): Promise<readonly string[]> =>
    (await io.files.exists(`${cache}/environments`)) ? io.files.list(`${cache}/environments`) : [];

  it("a build that was killed is done again", async () => {
    const request = { ...small, version: "0.3", extras: ["colorama"] };
    const builder = spawn(process.execPath, child(request, context.cache, "building"), { stdio: "ignore" });
    expect(await once(builder, "close")).toEqual([null, "SIGKILL"]);
    const left = (await environmentsIn(context.cache)).filter((name) => name.startsWith("mlflow-0.3-"));
    expect(left).toEqual([expect.stringMatching(/\.staging-/)]);

    const again = await ensurePythonEnvironment(context, request, { projectLockFile });
    expect(again.packages).toHaveProperty("colorama");
    const after = (await environmentsIn(context.cache)).filter((name) => name.startsWith("mlflow-0.3-"));
    expect(after).toEqual([`mlflow-0.3-${again.key}`]);
  });

  it("two builders at once build one environment", async () => {
    const request = { ...small, version: "0.4", extras: ["colorama"] };
    const outputs = await Promise.all([1, 2].map(() => output(process.execPath, child(request, context.cache))));
    const built = outputs.flatMap((lines) => lines.filter((line) => line.includes('"building"')));
    expect(built).toHaveLength(1);
    const [first, second] = outputs.map(
      (lines) => JSON.parse(lines.at(-1) ?? "") as { environment: PythonEnvironment },
    );
    expect(first?.environment.packages).toHaveProperty("colorama");
    expect(second).toEqual(first);
  });

  it("a full disk leaves nothing half-built", async () => {
    const cache = join(directory.path, "small-disk");
    await io.files.makeDirectory(cache);
    const [entry, input] = child(mlflow, cache);
    const script = `mount -t tmpfs -o size=24m,mode=755 tmpfs "$1" && shift && "$@"; echo "left: $(ls "$CACHE/environments")"`;
    const flags = io.host.uid === 0 ? ["-m"] : ["-rm"];
    const lines = await output("unshare", [...flags, "sh", "-c", script, "sh", cache, process.execPath, entry, input], {
      ...process.env,
      CACHE: cache,
      UV_CACHE_DIR: `${context.cache}/uv-packages`,
      PATH: await pathWithUv(),
    });
    expect(lines.at(-1)).toBe("left:");
    expect(JSON.parse(lines.at(-2) ?? "")).toMatchObject({
      error: { code: "DISK_FULL", message: expect.stringContaining("mlflow 3.17.2"), hint: expect.any(String) },
    });
  });

  it("a cache that the account of the units cannot reach is named", async () => {
    const closed = join(directory.path, "closed");
    await io.files.makeDirectory(closed, { mode: 0o700 });
    const outcome = await prepareCache({ ...context, cache: join(closed, "cache") }).catch((error: unknown) => error);
    // Only root runs services as somebody else.
    const refusal = `CACHE_UNREACHABLE, ${closed} does not let it in`;
    const told = isToolError(outcome) ? `${outcome.code}, ${outcome.message.replace(/^.*: /, "")}` : outcome;
    expect(told).toBe(io.host.uid === 0 ? refusal : undefined);
  });

  it("an interrupted build leaves nothing", async () => {
    const interrupt = new AbortController();
    const emit = (event: ProgressEvent): void => {
      if (event.type === "prepare" && event.phase === "building") interrupt.abort(new Error("Ctrl-C"));
    };
    const request = { ...small, version: "0.5" };
    const attempt = ensurePythonEnvironment({ ...context, emit, signal: interrupt.signal }, request, {
      projectLockFile,
    });
    await expect(attempt).rejects.toThrow("Ctrl-C");
    expect((await environmentsIn(context.cache)).filter((name) => name.startsWith("mlflow-0.5-"))).toEqual([]);
  });

  it("only interpreters that the account of the units can run are used", async () => {
    const { usable } = await findPythons(context);
    expect(usable.map((python) => python.path)).toContain(environment.python.path);
    for (const { path } of usable) {
      const { exitCode } = await io.processes.run({ argv: [path, "-V"], cwd: "/", env: {}, owner: context.unitUser });
      expect(exitCode, path).toBe(0);
    }
  });

  /** uv from the cache of the first build, so that the small disk is filled by packages. */
  async function pathWithUv(): Promise<string> {
    const fetched = (await io.files.list(context.cache)).find((name) => /^uv-\d/.test(name));
    const scripts = fetched === undefined ? "" : `${context.cache}/${fetched}/${fetched}.data/scripts:`;
    return `${scripts}${process.env["PATH"]}`;
  }
});

/** Lines that a program wrote, whatever its exit code. */
function output(file: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(file, args, { env }, (_error, stdout) => resolve(stdout.trim().split("\n")));
  });
}

/** Runs a program of the environment as units do. */
async function run([program, ...args]: [string, ...string[]], env: Record<string, string> = {}) {
  return io.processes.run({
    argv: [join(environment.directory, "bin", program), ...args],
    cwd: "/",
    env: { PATH: `${environment.directory}/bin:/usr/bin:/bin`, LC_ALL: "C.UTF-8", ...env },
    owner: context.unitUser,
  });
}
