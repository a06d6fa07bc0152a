import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { nodeHttp } from "../../src/node/node-http.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

describe("request", () => {
  it("sends method, headers and body, and keeps cookies apart", async () => {
    const url = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        response.writeHead(302, {
          location: "/login",
          "set-cookie": ["a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "b=2"],
        });
        response.end(
          `${request.method ?? ""} ${String(request.headers["x-token"])} ${Buffer.concat(chunks).toString()}`,
        );
      });
    });
    const outcome = await nodeHttp.request({
      method: "POST",
      url,
      headers: { "x-token": "t" },
      body: "é",
      timeoutMs: 60_000,
    });
    expect(outcome).toMatchObject({
      status: 302,
      headers: { location: "/login" },
      cookies: ["a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "b=2"],
      text: "POST t é",
    });
  });

  it("says refused, timeout, reset, unresolved and aborted instead of throwing", async () => {
    const silent = await serve(() => undefined);
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(timer));
    });
    const cut = await serve((request) => request.socket.destroy());
    const half = await serve((request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => request.socket.destroy());
    });
    const failureOf = async (
      url: string,
      more: { signal?: AbortSignal; timeoutMs?: number } = {},
    ): Promise<unknown> => {
      const outcome = await nodeHttp.request({ url, timeoutMs: 60_000, ...more });
      return "failure" in outcome ? outcome.failure : outcome.status;
    };
    expect(await failureOf("http://127.0.0.1:1/")).toBe("refused");
    expect(await failureOf(silent, { timeoutMs: 150 })).toBe("timeout");
    expect(await failureOf(dripping, { timeoutMs: 150 })).toBe("timeout");
    expect(await failureOf(cut)).toBe("reset");
    expect(await failureOf(half)).toBe("reset");
    expect(["unresolved", "timeout"]).toContain(await failureOf("http://no-such-name.invalid/", { timeoutMs: 150 }));
    expect(await failureOf(silent, { signal: AbortSignal.timeout(20) })).toBe("aborted");
    expect(await failureOf(silent, { signal: AbortSignal.abort() })).toBe("aborted");
  });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
