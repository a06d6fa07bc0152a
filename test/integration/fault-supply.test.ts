import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, mlflowBuild } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const job = `services:\n  job:\n    ${mlflowBuild}\n    command: mlflow --version\n`;
/** Nothing listens on discard; every index of every installer leads there. */
const nowhere = {
  UV_DEFAULT_INDEX: "http://127.0.0.1:9/simple",
  PIP_INDEX_URL: "http://127.0.0.1:9/simple",
  npm_config_registry: "http://127.0.0.1:9/",
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "",
};

let home: StackHome;
beforeAll(async () => {
  home = await createStackHome();
});
afterAll(() => home[Symbol.asyncDispose]());

describe("a first install that cannot be", () => {
  it("no network: what could not be had and from where, exit 2, nothing left half-built", async () => {
    const project = await createProject(home, "offline", job);
    const cache = join(home.directory, "empty-cache");
    const result = await project.runWith({ ...nowhere, BULKHEAD_CACHE_DIR: cache }, "up", "--json");
    expect(result.exitCode).toBe(2);
    const { errors } = JSON.parse(result.stdout) as { errors: { code: string; message: string; hint: string }[] };
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: "NETWORK_UNREACHABLE" });
    expect(errors[0]?.message).toMatch(/uv|mlflow/i);
    expect(errors[0]?.hint).toMatch(/UV_DEFAULT_INDEX|PIP_INDEX_URL/);
    expect(existsSync(join(cache, "environments")) ? readdirSync(join(cache, "environments")) : []).toEqual([]);
  });

  it("a full disk: said with the way out, exit 2; what was half-built is never used", async () => {
    const project = await createProject(home, "full", job);
    const cache = join(home.directory, "small-disk");
    await mkdir(cache);
    // A file system of 24 MB that only this command sees; not even uv fits.
    const script =
      'mount -t tmpfs -o size=24m,mode=755 tmpfs "$1" && shift && "$@"; code=$?; ls "$BULKHEAD_CACHE_DIR/environments" >&2; exit $code';
    const command = [process.execPath, resolve("bin/bulkhead.js"), "up"];
    const flags = process.getuid?.() === 0 ? ["-m"] : ["-rm"];
    const [program, ...words] = ["unshare", ...flags, "sh", "-c", script, "sh", cache, ...command];
    const child = spawn(program ?? "", words, {
      cwd: project.directory,
      env: { ...home.env, BULKHEAD_CACHE_DIR: cache },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const exitCode = await new Promise((done) => child.once("close", done));
    expect(stderr).toMatch(/error: .*no space left on (the disk|device)/i);
    expect(stderr).toContain("BULKHEAD_CACHE_DIR");
    expect(exitCode).toBe(2);
    expect(stderr).not.toMatch(/^(airflow|mlflow)-\d/m);
  });

  it("no Python that fits: which would, which were found, how to get one, exit 2", async () => {
    const project = await createProject(
      home,
      "python",
      "services:\n  job:\n    image: ghcr.io/mlflow/mlflow:v1.20.0\n    command: mlflow --version\n",
    );
    const result = await project.runWith(
      {
        ...nowhere,
        BULKHEAD_CACHE_DIR: join(home.directory, "no-python-cache"),
        HOME: home.directory,
        PYENV_ROOT: home.directory,
      },
      "up",
    );
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/mlflow 1\.20\.0 runs on Python 3\.\d.*; found: .*3\.\d+\.\d+ \(\/.*python/i);
    expect(result.stderr).toMatch(/uv python install 3\.\d/);
  });
});
