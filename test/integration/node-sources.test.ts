import { execFileSync, spawn } from "node:child_process";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/node/node-sources.ts";
import { bundleChild } from "../helpers/bundle-child.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

describe("sources", () => {
  it("reads regular files only, within a bound, and never hangs on a pipe", async () => {
    await using directory = await createTemporaryDirectory();
    const at = (name: string): string => join(directory.path, name);
    await writeFile(at("compose.yaml"), "name: é\n");
    await symlink("compose.yaml", at("link"));
    await symlink("circle", at("circle"));
    await mkdir(at("sub"));
    await writeFile(at("large"), "");
    await truncate(at("large"), 17 * 1024 * 1024);
    execFileSync("mkfifo", [at("pipe")]);

    const file = nodeSources.read(at("link"));
    expect(file.kind === "file" && new TextDecoder().decode(file.bytes)).toBe("name: é\n");
    expect(nodeSources.read(at("none"))).toEqual({ kind: "missing", path: at("none") });
    expect(nodeSources.read(at("compose.yaml/below"))).toMatchObject({ kind: "missing" });
    expect(nodeSources.read(at("pipe"))).toMatchObject({ kind: "refused", reason: "not a regular file" });
    expect(nodeSources.read("/dev/zero")).toMatchObject({ kind: "refused", reason: "not a regular file" });
    expect(nodeSources.read(at("sub"))).toMatchObject({ kind: "refused", reason: "not a regular file" });
    expect(nodeSources.read(at("large"))).toMatchObject({ kind: "refused", reason: "larger than 16 MiB" });
    expect(nodeSources.read(at("circle"))).toMatchObject({ kind: "refused", reason: "links lead in a circle" });
    expect(
      ["link", "sub", "pipe", "circle", "none", "compose.yaml/below"].map((name) => nodeSources.kindOf(at(name))),
    ).toEqual(["file", "directory", "other", "other", "missing", "missing"]);
    expect(nodeSources.list(directory.path)).toEqual(["circle", "compose.yaml", "large", "link", "pipe", "sub"]);
    expect(nodeSources.list(at("none"))).toEqual([]);
  });

  it("reads standard input to its end, however slowly it comes", async () => {
    await using directory = await createTemporaryDirectory();
    const program = await bundleChild(new URL("children/read-standard-input.ts", import.meta.url), directory.path);
    const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.write("services:\n");
    await setTimeout(50);
    child.stdin.end("  é: {}\n");
    expect(await text(child.stdout)).toBe("services:\n  é: {}\n");
  });
});
