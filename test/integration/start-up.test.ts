import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { cp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryPath } from "../helpers/source-files.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

const executable = repositoryPath("bin/bulkhead.js");

describe("the built executable", () => {
  it("tells its version from a few small files", async () => {
    await using directory = await createTemporaryDirectory();
    const record = join(directory.path, "files");
    const version = execFileSync(
      process.execPath,
      ["--require", repositoryPath("test/helpers/record-files.cjs"), executable, "--version"],
      {
        encoding: "utf8",
        env: { PATH: "/usr/bin:/bin", RECORD_FILES: record, BULKHEAD_CACHE_DIR: join(directory.path, "cache") },
      },
    );
    const { version: expected } = JSON.parse(readFileSync(repositoryPath("package.json"), "utf8")) as {
      version: string;
    };
    expect(version.trim()).toContain(expected);

    const chunks = readFileSync(record, "utf8")
      .trim()
      .split("\n")
      .filter((path) => path.startsWith(repositoryPath("dist/")) && path.endsWith(".cjs"));
    // Each costs about a third of a millisecond: the command line, and what it shares with commands.
    expect(chunks.length).toBeGreaterThan(0);
    expect(chunks.length).toBeLessThanOrEqual(10);
    const bytes = chunks.reduce((sum, path) => sum + statSync(path).size, 0);
    expect(bytes).toBeLessThan(150 * 1024);
  });

  it("says what to do in a clone that was not built", async () => {
    await using directory = await createTemporaryDirectory();
    await cp(repositoryPath("bin"), join(directory.path, "bin"), { recursive: true });
    await cp(repositoryPath("package.json"), join(directory.path, "package.json"));
    const { status, stderr } = spawnSync(process.execPath, [join(directory.path, "bin/bulkhead.js"), "ps"], {
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stderr).toBe(
      "bulkhead: dist/cli.cjs is missing: this clone was not built yet.\n  Run: npm install && npm run build\n",
    );
  });

  it("has all arguments for itself when it is run as a program, through npm's link too", async () => {
    await using directory = await createTemporaryDirectory();
    const link = join(directory.path, "bulkhead");
    await symlink(executable, link);
    await writeFile(join(directory.path, "compose.yaml"), "services: { db: { image: postgres:17 } }\n");
    const { stderr } = spawnSync(link, ["--env-file", "missing.env", "config"], {
      cwd: directory.path,
      encoding: "utf8",
    });
    expect(stderr).toContain("error:");
    expect(stderr).toContain("missing.env");
    expect(stderr).not.toContain("node:");
  });

  it("says that the directory it was started in is gone", async () => {
    await using directory = await createTemporaryDirectory();
    const gone = join(directory.path, "gone");
    const script = 'mkdir "$1" && cd "$1" && rmdir "$1" && exec "$2" "$3" check';
    const { status, stderr } = spawnSync("/bin/sh", ["-c", script, "sh", gone, process.execPath, executable], {
      encoding: "utf8",
    });
    expect(stderr).toContain(`The directory ${gone} does not exist any more.`);
    expect(status).toBe(2);
  });

  it("keeps commands and libraries in files of their own", () => {
    const main = readdirSync(repositoryPath("dist/chunks")).filter((name) => name.startsWith("main-"));
    expect(main).toHaveLength(1);
    const text = readFileSync(repositoryPath(`dist/chunks/${main[0]}`), "utf8");
    expect(text).not.toContain("node_modules/pg/");
    expect(text).not.toContain("node_modules/yaml/");
  });

  it("bundles the supervisor in one file", () => {
    const supervisor = readFileSync(repositoryPath("dist/supervisor.js"), "utf8");
    const imported = [...supervisor.matchAll(/^import [^;]*?from "([^"]+)"/gm)].map(([, specifier = ""]) => specifier);
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((specifier) => !specifier.startsWith("node:"))).toEqual([]);
  });
});
