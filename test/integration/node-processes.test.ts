import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeProcesses } from "../../src/node/node-processes.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

// TMPDIR ties them to the run, should it be interrupted.
const env = { PATH: "/usr/bin:/bin", TMPDIR: tmpdir() };

describe("run", () => {
  it("gives status and output, and the child sees only the environment it was given", async () => {
    const lines: string[] = [];
    const result = await nodeProcesses.run({
      argv: ["sh", "-c", "cat; env; printf tail >&2; exit 7"],
      env: { ...env, ONLY: "this" },
      input: "é\n",
      onLine: (line, stream) => lines.push(`${stream}: ${line}`),
    });
    expect(result).toMatchObject({ exitCode: 7, signalName: undefined, timedOut: false, stderr: "tail" });
    const names = result.stdout
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split("=")[0]);
    // PWD, OLDPWD, SHLVL and _ are the shell's own.
    expect(names.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name ?? "")).toSorted()).toEqual([
      "ONLY",
      "PATH",
      "TMPDIR",
    ]);
    expect(lines).toContain("stdout: é");
    expect(lines).toContain("stderr: tail");
  });

  it("rejects when the program does not exist", async () => {
    await expect(nodeProcesses.run({ argv: ["/no/such/program"], env })).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("ends the whole group at the time limit, also what ignores TERM", async () => {
    const started = Date.now();
    const pids: number[] = [];
    const result = await nodeProcesses.run({
      argv: ["sh", "-c", "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.05; done' & echo $!; wait"],
      env,
      // Time for both shells to have started.
      timeoutMs: 3000,
      onLine: (line) => pids.push(Number(line)),
    });
    expect(result).toMatchObject({ timedOut: true, exitCode: undefined, signalName: "SIGTERM" });
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) expect(await nodeProcesses.identify(pid)).toBeUndefined();
    expect(Date.now() - started).toBeGreaterThan(8000);
  });

  it("ends the group when aborted, and does not start at all when aborted before", async () => {
    const controller = new AbortController();
    let grandchild = 0;
    const running = nodeProcesses.run({
      argv: ["sh", "-c", "sleep 60 & echo $!; wait"],
      env,
      signal: controller.signal,
      onLine: (line) => {
        grandchild = Number(line);
        controller.abort(new Error("stop"));
      },
    });
    expect(await running).toMatchObject({ timedOut: false, signalName: "SIGTERM" });
    expect(await nodeProcesses.identify(grandchild)).toBeUndefined();
    await expect(nodeProcesses.run({ argv: ["true"], env, signal: controller.signal })).rejects.toThrow("stop");
  });

  it("leaves nothing of its group behind when the command ends by itself", async () => {
    const result = await nodeProcesses.run({ argv: ["sh", "-c", "sleep 60 & echo $!"], env });
    expect(result.exitCode).toBe(0);
    expect(await nodeProcesses.identify(Number(result.stdout))).toBeUndefined();
  });

  it("does not wait for a daemon that left the group with the output pipe", async () => {
    const script =
      "const c = require('node:child_process').spawn('sleep', ['60'], { detached: true, stdio: 'inherit' }); console.log(c.pid); c.unref()";
    const result = await nodeProcesses.run({ argv: [process.execPath, "-e", script], env });
    const daemon = await nodeProcesses.identify(Number(result.stdout));
    expect(daemon).toBeDefined();
    if (daemon !== undefined) await nodeProcesses.kill(daemon, "SIGKILL");
  });
});

describe("files as input and output", () => {
  it("reads and writes them, the output for our eyes only", async () => {
    await using directory = await createTemporaryDirectory();
    const [inputFile, outputFile] = [join(directory.path, "in"), join(directory.path, "out")];
    await writeFile(inputFile, "b\na\n");
    await writeFile(outputFile, "something longer that was there before");
    const result = await nodeProcesses.run({ argv: ["sort"], env, inputFile, outputFile });
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await readFile(outputFile, "utf8")).toBe("a\nb\n");
    await nodeProcesses.run({ argv: ["sort"], env, inputFile, outputFile: `${outputFile}2` });
    expect((await stat(`${outputFile}2`)).mode & 0o777).toBe(0o600);
  });

  it("rejects when the input is not there", async () => {
    await expect(nodeProcesses.run({ argv: ["cat"], env, inputFile: "/no/such/file" })).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe("pipe", () => {
  const zeros = (bytes: number): readonly [string, ...string[]] => ["head", "-c", String(bytes), "/dev/zero"];

  it("passes every byte, also to one that reads slowly and outlives the writer", async () => {
    const seen: number[] = [];
    const bytes = 20_000_000;
    const slow = "sleep 0.8; wc -c";
    const { from, into, failed } = await nodeProcesses.pipe(
      { argv: zeros(bytes), env },
      { argv: ["sh", "-c", slow], env },
      (total) => seen.push(total),
    );
    expect([from.exitCode, failed]).toEqual([0, undefined]);
    expect(Number(into.stdout)).toBe(bytes);
    expect(seen.at(-1)).toBe(bytes);
  });

  it("does not let a reader take half an input for the whole", async () => {
    await using directory = await createTemporaryDirectory();
    const mark = join(directory.path, "finished");
    const { from, into, failed } = await nodeProcesses.pipe(
      { argv: ["sh", "-c", "echo half; echo why >&2; exit 3"], env },
      { argv: ["sh", "-c", `cat >/dev/null && touch ${mark}`], env },
    );
    expect(failed).toBe("from");
    expect(from).toMatchObject({ exitCode: 3, stderr: "why\n" });
    expect(into).toMatchObject({ exitCode: undefined, signalName: "SIGTERM" });
    await expect(readFile(mark)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("ends the writer when the reader ends", async () => {
    const { from, into, failed } = await nodeProcesses.pipe(
      { argv: ["sh", "-c", "trap '' PIPE; while :; do echo y 2>/dev/null; done"], env },
      { argv: ["sh", "-c", "exit 4"], env },
    );
    expect([into.exitCode, failed]).toEqual([4, "into"]);
    expect(from.signalName === undefined ? from.exitCode : from.signalName).toBe("SIGTERM");
  });

  it("hears the writer to its end when the reader had enough before", async () => {
    const writer = (code: number) => ({
      argv: ["sh", "-c", `echo head; sleep 0.3; head -c 1000000 /dev/zero; exit ${code}`] as const,
      env,
    });
    const reader = { argv: ["head", "-n", "1"] as const, env };
    const fine = await nodeProcesses.pipe(writer(0), reader);
    expect([fine.from.exitCode, fine.into.exitCode, fine.into.stdout, fine.failed]).toEqual([
      0,
      0,
      "head\n",
      undefined,
    ]);
    const late = await nodeProcesses.pipe(writer(3), reader);
    expect([late.from.exitCode, late.failed]).toEqual([3, "from"]);
  });

  it("ends both when aborted", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const both = await nodeProcesses.pipe(
      { argv: ["yes"], env, signal },
      { argv: ["sh", "-c", "cat >/dev/null"], env, signal },
      () => controller.abort(new Error("enough")),
    );
    expect([both.from.signalName, both.into.signalName]).toEqual(["SIGTERM", "SIGTERM"]);
  });

  it("rejects when one cannot be started, and leaves the other not running", async () => {
    const missing = nodeProcesses.pipe({ argv: ["/no/such/program"], env }, { argv: ["cat"], env });
    await expect(missing).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe("identity", () => {
  it("does not take another process of the same pid for the one meant", async () => {
    const child = spawn("sleep", ["60"], { detached: true });
    const pid = child.pid as number;
    const identity = await nodeProcesses.identify(pid);
    expect(identity).toMatchObject({ pid });
    await nodeProcesses.kill({ pid, startTime: "1" }, "SIGKILL");
    await nodeProcesses.kill({ pid, startTime: "1" }, "SIGKILL", { group: true });
    expect(await nodeProcesses.isSame({ pid, startTime: identity?.startTime ?? "" })).toBe(true);
    expect(await nodeProcesses.isSame({ pid, startTime: "1" })).toBe(false);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await nodeProcesses.kill({ pid, startTime: identity?.startTime ?? "" }, "SIGKILL");
    await ended;
    expect(await nodeProcesses.isSame({ pid, startTime: identity?.startTime ?? "" })).toBe(false);
  });

  it("reaches a group whose leader has ended", async () => {
    const leader = spawn("sh", ["-c", "sleep 60 & echo $!; read line"], {
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const member = Number(
      await new Promise<string>((resolve) => leader.stdout.once("data", (data: Buffer) => resolve(data.toString()))),
    );
    const identity = await nodeProcesses.identify(leader.pid as number);
    if (identity === undefined) throw new Error("no leader");
    const ended = new Promise((resolve) => leader.once("exit", resolve));
    leader.stdin.end("\n");
    await ended;
    expect(await nodeProcesses.identify(member)).toMatchObject({ pid: member });
    await nodeProcesses.kill(identity, "SIGKILL", { group: true });
    await expect.poll(() => nodeProcesses.identify(member)).toBeUndefined();
  });
});

describe("startDetached", () => {
  it("starts a session of its own that writes to the log file", async () => {
    await using directory = await createTemporaryDirectory();
    const logFile = join(directory.path, "log");
    const identity = await nodeProcesses.startDetached({
      argv: ["sh", "-c", "echo out; echo err >&2; sleep 60"],
      cwd: directory.path,
      env,
      logFile,
    });
    try {
      await expect.poll(() => readFile(logFile, "utf8")).toBe("out\nerr\n");
      expect(await nodeProcesses.isSame(identity)).toBe(true);
    } finally {
      await nodeProcesses.kill(identity, "SIGKILL", { group: true });
    }
    await expect.poll(() => nodeProcesses.isSame(identity)).toBe(false);
  });

  it("rejects when the program cannot be started", async () => {
    await using directory = await createTemporaryDirectory();
    const request = {
      argv: ["/no/such/program"] as const,
      cwd: directory.path,
      env,
      logFile: join(directory.path, "log"),
    };
    await expect(nodeProcesses.startDetached({ ...request, argv: [request.argv[0]] })).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe("runAttached", () => {
  it("gives 128 + n for a signal and ends the child when aborted", async () => {
    expect(await nodeProcesses.runAttached({ argv: ["sh", "-c", "exit 9"], env })).toBe(9);
    expect(await nodeProcesses.runAttached({ argv: ["sh", "-c", "kill -KILL $$"], env })).toBe(137);
    const signal = AbortSignal.timeout(200);
    expect(await nodeProcesses.runAttached({ argv: ["sleep", "60"], env, signal })).toBe(143);
  });
});

describe("converse", () => {
  const converse = (...argv: [string, ...string[]]) => nodeProcesses.converse({ argv, env });

  it("passes bytes both ways and ends when the program does", async () => {
    const line = await converse("sh", "-c", "head -c 300000 | tr a b");
    line.end(Buffer.alloc(300_000, "a"));
    const chunks: Buffer[] = [];
    for await (const chunk of line) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(Buffer.alloc(300_000, "b"))).toBe(true);
  });

  it("is destroyed with the last line of stderr when the program fails", async () => {
    const line = await converse("sh", "-c", "echo first >&2; echo refused >&2; exit 1");
    await expect(line.toArray()).rejects.toThrow(/^refused$/);
  });

  it("rejects when the program does not exist", async () => {
    await expect(converse("/no/such/program")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("ends the program when it is destroyed", async () => {
    const line = await converse("sh", "-c", "echo $$; exec sleep 60");
    const [first] = (await once(line, "data")) as [Buffer];
    const pid = Number(first.toString());
    const closed = once(line, "close");
    line.destroy();
    await closed;
    await expect.poll(() => nodeProcesses.identify(pid)).toBeUndefined();
  });
});
