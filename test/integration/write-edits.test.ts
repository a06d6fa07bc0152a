import { chmod, chown, lstat, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeEdits } from "../../src/actions/check/write-edits.ts";
import { rememberSources } from "../../src/edit/remember-sources.ts";
import { nodeFiles } from "../../src/node/node-files.ts";
import { nodeSources } from "../../src/node/node-sources.ts";
import type { Sources } from "../../src/ports/sources.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

const insert = (file: string, text: string) => ({ file, start: 0, end: 0, text });

/** The files of a directory as they are now. */
function readNow(...files: readonly string[]): Sources {
  const sources = rememberSources(nodeSources);
  for (const file of files) sources.read(file);
  return sources;
}

describe("writeEdits", () => {
  it("changes bytes, keeps mode and owner, and makes .env for its owner alone, before what uses it", async () => {
    await using directory = await createTemporaryDirectory();
    const compose = join(directory.path, "compose.yaml");
    const env = join(directory.path, ".env");
    await writeFile(compose, "\uFEFFa: ü\r\n");
    await chmod(compose, 0o640);
    if (process.getuid?.() === 0) await chown(compose, 65534, 65534);
    const before = await lstat(compose);

    const edits = [{ file: compose, start: 6, end: 8, text: "ö" }, insert(env, "A=1\n")];
    const written = await writeEdits(nodeFiles, readNow(compose, env), directory.path, edits);

    expect(written).toEqual([env, compose]);
    expect(await readFile(compose, "utf8")).toBe("\uFEFFa: ö\r\n");
    expect(await readFile(env, "utf8")).toBe("A=1\n");
    const after = await lstat(compose);
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
    expect((await lstat(env)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory.path)).toEqual([".env", "compose.yaml"]);
  });

  it("refuses as a whole when a file is not what was read", async () => {
    await using directory = await createTemporaryDirectory();
    const [one, two] = [join(directory.path, "one.yaml"), join(directory.path, "two.yaml")];
    await writeFile(one, "one");
    await writeFile(two, "two");
    const sources = readNow(one, two);
    await writeFile(two, "too");

    const edits = [insert(one, "x"), insert(two, "x")];
    await expect(writeEdits(nodeFiles, sources, directory.path, edits)).rejects.toMatchObject({ code: "FILE_CHANGED" });
    expect(await readFile(one, "utf8")).toBe("one");
  });

  it("refuses to replace a file that was made meanwhile", async () => {
    await using directory = await createTemporaryDirectory();
    const env = join(directory.path, ".env");
    const sources = readNow(env);
    await writeFile(env, "MINE=1\n");
    const write = writeEdits(nodeFiles, sources, directory.path, [insert(env, "A=1\n")]);
    await expect(write).rejects.toMatchObject({ code: "FILE_CHANGED" });
    expect(await readFile(env, "utf8")).toBe("MINE=1\n");
  });

  it("follows links inside of the project and keeps them, and none out of it", async () => {
    await using directory = await createTemporaryDirectory();
    const project = join(directory.path, "project");
    await mkdir(join(project, "sub"), { recursive: true });
    await writeFile(join(project, "sub", "real.yaml"), "real");
    await writeFile(join(directory.path, "outside.yaml"), "outside");
    const [inner, outer, folder] = [join(project, "inner.yaml"), join(project, "outer.yaml"), join(project, "up")];
    await symlink("sub/real.yaml", inner);
    await symlink("../outside.yaml", outer);
    await symlink("..", folder);

    await writeEdits(nodeFiles, readNow(inner), project, [insert(inner, "x ")]);
    expect((await lstat(inner)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(project, "sub", "real.yaml"), "utf8")).toBe("x real");

    for (const file of [outer, join(folder, "outside.yaml"), join(folder, "new.yaml")]) {
      const write = writeEdits(nodeFiles, readNow(file), project, [insert(file, "x ")]);
      await expect(write).rejects.toMatchObject({ code: "FILE_OUTSIDE_PROJECT" });
    }
    expect(await readFile(join(directory.path, "outside.yaml"), "utf8")).toBe("outside");
    expect(await readdir(directory.path)).toEqual(["outside.yaml", "project"]);
  });

  it("works below a directory that is itself reached by a link", async () => {
    await using directory = await createTemporaryDirectory();
    await mkdir(join(directory.path, "real"));
    await writeFile(join(directory.path, "real", "compose.yaml"), "a");
    await symlink("real", join(directory.path, "linked"));
    const project = join(directory.path, "linked");
    const compose = join(project, "compose.yaml");
    await writeEdits(nodeFiles, readNow(compose), project, [
      insert(compose, "x"),
      insert(join(project, ".env"), "A=1"),
    ]);
    expect(await readdir(join(directory.path, "real"))).toEqual([".env", "compose.yaml"]);
  });

  it("takes back what it wrote when a later file cannot be written", async () => {
    await using directory = await createTemporaryDirectory();
    const [one, two, env] = [
      join(directory.path, "a.yaml"),
      join(directory.path, "b.yaml"),
      join(directory.path, ".env"),
    ];
    await writeFile(one, "one");
    await writeFile(two, "two");
    const sources = readNow(one, two, env);
    // What no test can make fail on every machine: the disk is full when the last file is written.
    const files = {
      ...nodeFiles,
      writeText: (...args: Parameters<typeof nodeFiles.writeText>) =>
        args[0] === two
          ? Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }))
          : nodeFiles.writeText(...args),
    };
    const edits = [insert(one, "x"), insert(two, "x"), insert(env, "A=1\n")];
    await expect(writeEdits(files, sources, directory.path, edits)).rejects.toMatchObject({ code: "ENOSPC" });
    expect(await readFile(one, "utf8")).toBe("one");
    expect(await readdir(directory.path)).toEqual(["a.yaml", "b.yaml"]);
  });
});
