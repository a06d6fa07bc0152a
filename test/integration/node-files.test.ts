import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFiles } from "../../src/node/node-files.ts";
import { bundleChild } from "../helpers/bundle-child.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import type { TemporaryDirectory } from "../helpers/temporary-directory.ts";

let programs: TemporaryDirectory;
let holderProgram: string;
beforeAll(async () => {
  programs = await createTemporaryDirectory();
  holderProgram = await bundleChild(new URL("children/hold-lock.ts", import.meta.url), programs.path);
});
afterAll(() => programs.remove());

describe("writeText", () => {
  it("leaves the old text and no second file when the new one cannot be written", async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, "compose.yaml");
    await nodeFiles.writeText(path, "old");
    // A directory of the same name cannot be replaced by a file: the rename, the last step, fails.
    const blocked = join(directory.path, "blocked");
    await mkdir(join(blocked, "full"), { recursive: true });

    await expect(nodeFiles.writeText(blocked, "new")).rejects.toMatchObject({ code: "EISDIR" });
    await nodeFiles.writeText(path, "new");

    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(directory.path)).toEqual(["blocked", "compose.yaml"]);
  });

  it("never shows a reader half a file", async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, "state.json");
    const texts = ["a".repeat(300_000), "b".repeat(500_000)] as const;
    await nodeFiles.writeText(path, texts[0]);
    let isWriting = true;
    let reads = 0;
    const writer = (async () => {
      for (let round = 0; round < 20 || reads < 5; round += 1) await nodeFiles.writeText(path, texts[round % 2] ?? "");
      isWriting = false;
    })();
    while (isWriting) {
      const text = await nodeFiles.readText(path);
      expect(texts.some((whole) => whole === text)).toBe(true);
      reads += 1;
    }
    await writer;
  });

  it("gives exactly the mode asked for, and keeps the mode a file has", async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, ".env");
    await nodeFiles.writeText(path, "A=1\n", { mode: 0o666 });
    expect((await lstat(path)).mode & 0o777).toBe(0o666);
    await chmod(path, 0o600);
    await nodeFiles.writeText(path, "A=2\n");
    expect((await lstat(path)).mode & 0o777).toBe(0o600);
  });

  it("does not replace when exclusive, and two writers at once make one file", async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, "once");
    const outcomes = await Promise.allSettled(
      ["first", "second"].map((text) => nodeFiles.writeText(path, text, { exclusive: true })),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect(refused.map((outcome) => (outcome.reason as { code?: string }).code)).toEqual(["EEXIST"]);
    expect(await readdir(directory.path)).toEqual(["once"]);
  });
});

describe("looking at what may be missing", () => {
  it("tells missing from unreadable", async () => {
    await using directory = await createTemporaryDirectory();
    const file = join(directory.path, "file");
    await writeFile(file, "text");
    await symlink("nowhere", join(directory.path, "dangling"));
    expect(await nodeFiles.readTextIfPresent(join(file, "below"))).toBeUndefined();
    expect(await nodeFiles.stat(join(directory.path, "missing"))).toBeUndefined();
    expect(await nodeFiles.stat(join(directory.path, "dangling"))).toMatchObject({ kind: "symlink" });
    expect(await nodeFiles.exists(join(directory.path, "dangling"))).toBe(false);
    await expect(nodeFiles.readTextIfPresent(directory.path)).rejects.toMatchObject({ code: "EISDIR" });
  });

  it("copies a tree with its links as they are", async () => {
    await using directory = await createTemporaryDirectory();
    await mkdir(join(directory.path, "from"));
    await symlink("../elsewhere", join(directory.path, "from", "link"));
    await nodeFiles.copy(join(directory.path, "from"), join(directory.path, "to"));
    expect(await nodeFiles.stat(join(directory.path, "to", "link"))).toMatchObject({ kind: "symlink" });
  });
});

describe("withLock", () => {
  const options = (waitMs: number): { waitMs: number; signal: AbortSignal } => ({
    waitMs,
    signal: new AbortController().signal,
  });

  it("refuses at once and names the holder when another process has it", async () => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, "project.lock");
    const holder = await startHolder(lock);
    try {
      await expect(nodeFiles.withLock(lock, options(0), async () => "mine")).rejects.toMatchObject({
        code: "PROJECT_BUSY",
        detail: { pid: holder.pid },
      });
    } finally {
      holder.kill("SIGTERM");
      await once(holder, "exit");
    }
  });

  it("waits, says so once, and gets it when the holder ends its work", async () => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, "project.lock");
    const order: string[] = [];
    let release = (): void => undefined;
    const held = nodeFiles.withLock(lock, options(0), async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push("first");
    });
    await expect.poll(() => nodeFiles.exists(lock)).toBe(true);
    const waits: number[] = [];
    const second = nodeFiles.withLock(
      lock,
      {
        ...options(60_000),
        onWait: ({ pid }) => {
          waits.push(pid);
          release();
        },
      },
      async () => order.push("second"),
    );
    await Promise.all([held, second]);
    expect(order).toEqual(["first", "second"]);
    expect(waits).toEqual([process.pid]);
  });

  it("takes over from a holder that was killed", async () => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, "project.lock");
    const holder = await startHolder(lock);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await nodeFiles.exists(lock)).toBe(true);
    expect(await nodeFiles.withLock(lock, options(0), async () => "mine")).toBe("mine");
    expect(await readdir(directory.path)).toEqual([]);
  });

  it("takes over when the holder's pid belongs to another process now", async () => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, "project.lock");
    const stranger = spawn("sleep", ["60"]);
    try {
      const holder = { nonce: "ab12", pid: stranger.pid, startTime: "1", command: "bulkhead up" };
      await writeFile(lock, JSON.stringify(holder));
      expect(await nodeFiles.withLock(lock, options(0), async () => "mine")).toBe("mine");
    } finally {
      stranger.kill("SIGKILL");
    }
  });

  it.each(["", '{"nonce":"ab', "[]"])("takes over a lock file that holds %j", async (text) => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, "project.lock");
    await writeFile(lock, text);
    expect(await nodeFiles.withLock(lock, options(0), async () => "mine")).toBe("mine");
  });

  it("lets one in at a time when many find a dead holder's lock, also behind a dead breaker", async () => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, "project.lock");
    const dead = { nonce: "ab12", pid: 999_999_999, startTime: "1", command: "bulkhead up" };
    await writeFile(lock, JSON.stringify(dead));
    await writeFile(`${lock}.ab12`, JSON.stringify({ ...dead, nonce: "cd34" }));
    let inside = 0;
    let most = 0;
    let runs = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        nodeFiles.withLock(lock, options(20_000), async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
          runs += 1;
        }),
      ),
    );
    expect({ most, runs }).toEqual({ most: 1, runs: 8 });
    expect(await readdir(directory.path)).toEqual([]);
  });

  it("frees the lock when the work throws, and stops waiting when aborted", async () => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, "project.lock");
    await expect(
      nodeFiles.withLock(lock, options(0), async () => {
        const controller = new AbortController();
        await expect(
          nodeFiles.withLock(
            lock,
            { waitMs: 60_000, signal: controller.signal, onWait: () => controller.abort(new Error("stop")) },
            async () => "never",
          ),
        ).rejects.toThrow("stop");
        throw new Error("work failed");
      }),
    ).rejects.toThrow("work failed");
    expect(await nodeFiles.exists(lock)).toBe(false);
  });
});

/** Another process that takes the lock and keeps it until it is ended. */
async function startHolder(lock: string): Promise<ReturnType<typeof fork>> {
  const child = fork(holderProgram, [lock]);
  await once(child, "message");
  return child;
}
