import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { findLeakedProcesses } from "../helpers/find-leaks.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

describe("findLeakedProcesses", () => {
  it("finds processes by directory, environment, command line and open file, with their ports", async () => {
    await using directory = await createTemporaryDirectory();
    const inside = join(directory.path, "state");
    await mkdir(inside);
    const script =
      "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))";
    const log = await open(join(inside, "log"), "a");
    const start = (more: { cwd?: string; env?: NodeJS.ProcessEnv; args?: string[]; stderr?: number }) =>
      spawn(process.execPath, ["-e", script, ...(more.args ?? [])], {
        cwd: more.cwd ?? "/",
        env: more.env ?? {},
        stdio: ["ignore", "pipe", more.stderr ?? "inherit"],
      });
    const children = {
      "working directory": start({ cwd: inside }),
      "command line": start({ args: [inside] }),
      environment: start({ env: { STATE: inside } }),
      "open file": start({ stderr: log.fd }),
      none: start({}),
    };
    await log.close();
    try {
      const ports = await Promise.all(
        Object.values(children).map(async (child) =>
          Number(String(((await once(child.stdout as Readable, "data")) as [Buffer])[0])),
        ),
      );
      const found = findLeakedProcesses(directory.path, new Set([process.pid]));
      const expected = (["working directory", "command line", "environment", "open file"] as const).map(
        (tie, index) => ({
          pid: children[tie].pid,
          tie,
          ports: [ports[index]],
        }),
      );
      expect(found.map(({ pid, tie, ports: listening }) => ({ pid, tie, ports: listening }))).toEqual(
        expect.arrayContaining(expected),
      );
      expect(found).toHaveLength(expected.length);
    } finally {
      for (const child of Object.values(children)) child.kill("SIGKILL");
      await Promise.all(Object.values(children).map((child) => once(child, "exit")));
    }
  });
});
