import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
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
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { repositoryPath } from "../helpers/source-files.ts";

/** The launcher with a program of one chunk, the name of which the launcher has built in. */
const directory = mkdtempSync(join(tmpdir(), "bh-kept-"));
const chunk = readdirSync(repositoryPath("dist/chunks")).find((name) => name.startsWith("main-")) ?? "";
const cache = join(directory, "cache");
const kept = join(cache, "code", `${chunk}-${process.version}-${process.arch}`, chunk);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

mkdirSync(join(directory, "chunks"));
cpSync(repositoryPath("dist/cli.cjs"), join(directory, "cli.cjs"));

/** A program that prints one letter; all of them are equally long, which is all that V8 looks at. */
function write(letter: string): Buffer {
  const source = `(function () { console.log("${letter}"); })`;
  writeFileSync(join(directory, "chunks", chunk), source);
  return Buffer.from(source);
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

    // Code that was compiled from another text shows itself, once its checksum is forged.
    const forged = readFileSync(kept);
    const source = write("b");
    forged.writeUInt32LE(crc32(source), forged.length - 4);
    writeFileSync(kept, forged);
    expect(run()).toBe("a\n");
  });

  it("is never that of another text", () => {
    write("c");
    expect(run()).toBe("c\n");
    write("d");
    expect(run()).toBe("d\n");
    const renewed = stateOf(kept);
    expect(run()).toBe("d\n");
    expect(stateOf(kept)).toBe(renewed);
  });

  it("is made again where a byte of it is wrong or missing", () => {
    write("e");
    run();
    const whole = readFileSync(kept);
    const damaged = [0, 20, 39, 100, whole.length - 9, whole.length - 1].map((at) => {
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
      [`${chunk}-${process.version}-${process.arch}`, "main-NEW.cjs-v20.0.0-x64"].toSorted(),
    );
  });
});
