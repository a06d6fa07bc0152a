import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packChunks, unpackChunks, type PackedChunk } from "../../src/node/chunk-pack.ts";
import { repositoryPath } from "../helpers/source-files.ts";

/** The launcher with a program of one chunk, the name of which the launcher has built in. */
const directory = mkdtempSync(join(tmpdir(), "bh-kept-"));
const launcher = readFileSync(repositoryPath("dist/cli.cjs"), "utf8");
const chunk = readdirSync(repositoryPath("dist/chunks")).find((name) => name.startsWith("main-")) ?? "";
const build = /"([0-9a-f]{16})"/.exec(launcher)?.[1] ?? "";
const cache = join(directory, "cache");
const keptOf = (name: string) => join(cache, "code", `${name}-${process.version}-${process.arch}`, "other");
const kept = keptOf(build);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

mkdirSync(join(directory, "chunks"));
writeFileSync(join(directory, "cli.cjs"), launcher);

/** A program that prints one letter; all of them are equally long, which is all that V8 looks at. */
function write(letter: string): void {
  writeFileSync(join(directory, "chunks", chunk), sourceOf(letter));
  rmSync(kept, { force: true });
}

function sourceOf(letter: string): string {
  return `(function () { console.log("${letter}"); })`;
}

function run(...flags: string[]): string {
  const env = { PATH: "/usr/bin:/bin", BULKHEAD_CACHE_DIR: cache };
  const { stdout, stderr, signal } = spawnSync(process.execPath, [...flags, join(directory, "cli.cjs")], {
    env,
    encoding: "utf8",
  });
  return `${stdout}${stderr}${signal ?? ""}`;
}

/** Changes whenever the file is written. */
const stateOf = (path: string) => `${statSync(path).ino} ${statSync(path).mtimeMs}`;

describe("compiled code that is kept", () => {
  it("is used and left alone by the next run", () => {
    write("a");
    expect(run()).toBe("a\n");
    const first = stateOf(kept);
    expect(run()).toBe("a\n");
    expect(stateOf(kept)).toBe(first);

    // Code that was compiled from another text shows itself.
    const [packed] = [...(unpackChunks(readFileSync(kept)) ?? new Map<string, PackedChunk>()).values()];
    if (packed === undefined) throw new Error("nothing is packed");
    const forged = { source: Buffer.from(sourceOf("b")), code: packed.code };
    writeFileSync(kept, packChunks(new Map([[chunk, forged]])));
    expect(run()).toBe("a\n");
  });

  it("is never that of another build", () => {
    write("c");
    expect(run()).toBe("c\n");
    const state = stateOf(kept);
    const next = "0".repeat(16);
    writeFileSync(join(directory, "cli.cjs"), launcher.replace(build, next));
    writeFileSync(join(directory, "chunks", chunk), sourceOf("d"));
    expect(run()).toBe("d\n");
    expect(stateOf(keptOf(next))).not.toBe(state);
    writeFileSync(join(directory, "cli.cjs"), launcher);
    expect(stateOf(kept)).toBe(state);
  });

  it("is of one command", () => {
    write("j");
    run();
    const state = stateOf(kept);
    writeFileSync(join(directory, "chunks", chunk), sourceOf("k"));
    const env = { PATH: "/usr/bin:/bin", BULKHEAD_CACHE_DIR: cache };
    expect(spawnSync(process.execPath, [join(directory, "cli.cjs"), "check"], { env, encoding: "utf8" }).stdout).toBe(
      "k\n",
    );
    expect(readdirSync(dirname(kept)).toSorted()).toEqual(["check", "other"]);
    expect(stateOf(kept)).toBe(state);
  });

  it("is made again where a byte of it is wrong or missing", () => {
    write("e");
    run();
    const whole = readFileSync(kept);
    const damaged = [0, 4, 9, 20, 39, 100, 300, whole.length - 300, whole.length - 9, whole.length - 1].map((at) => {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at);
      return bytes;
    });
    for (const bytes of [...damaged, whole.subarray(0, -40), Buffer.alloc(0), Buffer.alloc(3)]) {
      writeFileSync(kept, bytes);
      expect(run()).toBe("e\n");
      expect(readFileSync(kept).length).toBe(whole.length);
      const renewed = stateOf(kept);
      expect(run()).toBe("e\n");
      expect(stateOf(kept)).toBe(renewed);
    }
  });

  it("is not used from a file that others can write, and is given to nobody", () => {
    write("f");
    run();
    chmodSync(kept, 0o666);
    const open = stateOf(kept);
    expect(run()).toBe("f\n");
    expect(stateOf(kept)).not.toBe(open);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(statSync(join(kept, "..")).mode & 0o777).toBe(0o700);
    expect(statSync(cache).mode & 0o777).toBe(0o755);
  });

  it("is refused by V8 under other flags", () => {
    write("g");
    run();
    expect(run("--no-opt")).toBe("g\n");
    expect(run()).toBe("g\n");
  });

  it("is missed by nobody where it cannot be written", () => {
    write("h");
    rmSync(cache, { recursive: true });
    writeFileSync(cache, "a file in the way");
    expect(run()).toBe("h\n");
    expect(readFileSync(cache, "utf8")).toBe("a file in the way");
    rmSync(cache);
  });

  it("is removed when its build was not used for long", () => {
    const old = join(cache, "code", "main-OLD.cjs-v20.0.0-x64");
    const recent = join(cache, "code", "main-NEW.cjs-v20.0.0-x64");
    for (const path of [old, recent]) mkdirSync(path, { recursive: true });
    const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
    utimesSync(old, days(31), days(31));
    utimesSync(recent, days(29), days(29));
    write("i");
    run();
    expect(readdirSync(join(cache, "code")).toSorted()).toEqual(
      [basename(dirname(kept)), "main-NEW.cjs-v20.0.0-x64"].toSorted(),
    );
  });
});
