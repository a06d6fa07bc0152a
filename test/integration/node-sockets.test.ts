import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeSockets } from "../../src/node/node-sockets.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

describe("ports", () => {
  it.each(["127.0.0.1", "0.0.0.0", "::"])("knows a port taken on %s and who has it", async (host) => {
    const program = `const s = require("node:net").createServer().listen(0, ${JSON.stringify(host)}, () => console.log(s.address().port))`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [data] = (await once(child.stdout, "data")) as [Buffer];
      const port = Number(data.toString());
      expect(await nodeSockets.isFree("127.0.0.1", port)).toBe(false);
      expect(await nodeSockets.ownerOf(port)).toEqual({ pid: child.pid, program: "node" });
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });

  it("gives a free port that is not among those taken, and nobody owns it", async () => {
    const first = await nodeSockets.freePort("127.0.0.1", new Set());
    const others = new Set(Array.from({ length: 65_536 }, (_, port) => port).filter((port) => port % 2 === 0));
    const second = await nodeSockets.freePort("127.0.0.1", others);
    expect(second % 2).toBe(1);
    expect(await nodeSockets.isFree("127.0.0.1", first)).toBe(true);
    expect(await nodeSockets.ownerOf(first)).toBeUndefined();
  });

  it("calls an address of another machine not free", async () => {
    expect(await nodeSockets.isFree("192.0.2.1", 5432)).toBe(false);
  });
});

describe("exchange", () => {
  it("takes the first line, however the answer is cut", async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, "s");
    const server = createServer((socket) => {
      socket.once("data", (data) => {
        const answer = Buffer.from(`${data.toString().trim()} é!\nmore`);
        for (const byte of answer) socket.write(Buffer.from([byte]));
      });
      socket.on("error", () => undefined);
    });
    await listen(server, path);
    expect(await nodeSockets.exchange(path, "hello", { timeoutMs: 60_000 })).toBe("hello é!");
    server.close();
  });

  it("rejects when there is no socket, no answer in time, no answer at all, or the caller stops", async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, "s");
    await expect(nodeSockets.exchange(path, "x", { timeoutMs: 60_000 })).rejects.toMatchObject({ code: "ENOENT" });
    const silent = createServer((socket) => socket.resume());
    await listen(silent, path);
    await expect(nodeSockets.exchange(path, "x", { timeoutMs: 50 })).rejects.toMatchObject({ code: "ETIMEDOUT" });
    const signal = AbortSignal.timeout(50);
    await expect(nodeSockets.exchange(path, "x", { timeoutMs: 60_000, signal })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    silent.close();
    const closing = createServer((socket) => socket.end());
    await listen(closing, join(directory.path, "c"));
    await expect(nodeSockets.exchange(join(directory.path, "c"), "x", { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    closing.close();
  });
});

async function listen(server: Server, path: string): Promise<AddressInfo | string | null> {
  server.listen(path);
  await once(server, "listening");
  return server.address();
}
