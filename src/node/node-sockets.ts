import { createConnection, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Sockets } from "../ports/sockets.ts";
import { portOwner } from "./port-owner.ts";
import { relayTls } from "./relay-tls.ts";

/** How often a free port is asked for before giving up: each answer may be one of those already taken. */
const FREE_PORT_ATTEMPTS = 200;
/** The longest answer of a control socket. */
const MAXIMUM_ANSWER = 16 * 1024 * 1024;

/** Sockets of this machine. */
export const nodeSockets: Sockets = {
  relayTls,
  async isFree(host, port) {
    // macOS lets a listener on 127.0.0.1 in beside one on all addresses, so opening one proves nothing there.
    if (process.platform === "darwin" && (await portOwner(port)) !== undefined) return false;
    return (await listenOnce(host, port)) !== undefined;
  },
  async freePort(host, taken) {
    for (let attempt = 0; attempt < FREE_PORT_ATTEMPTS; attempt += 1) {
      const port = await listenOnce(host, 0);
      if (port !== undefined && !taken.has(port)) return port;
    }
    throw new Error(`No free port on ${host} in ${FREE_PORT_ATTEMPTS} attempts.`);
  },
  ownerOf: portOwner,
  exchange,
};

/** Opens and closes a listener; gives its port, or undefined when it could not be opened. */
function listenOnce(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const { port: opened } = server.address() as AddressInfo;
      server.close(() => resolve(opened));
    });
  });
}

function exchange(path: string, line: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<string> {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const chunks: Buffer[] = [];
    let length = 0;
    const socket = createConnection({ path });
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      settle();
    };
    const fail = (code: string, message: string): void =>
      finish(() => reject(Object.assign(new Error(message), { code })));
    const timer = setTimeout(
      () => fail("ETIMEDOUT", `${path} did not answer within ${options.timeoutMs} ms`),
      options.timeoutMs,
    );
    const onAbort = (): void => finish(() => reject(options.signal?.reason as Error));
    options.signal?.addEventListener("abort", onAbort, { once: true });
    socket.on("connect", () => socket.write(`${line}\n`));
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("close", () => fail("ECONNRESET", `${path} closed without an answer`));
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      const newline = chunk.indexOf(0x0a);
      if (newline !== -1) {
        const answer = Buffer.concat(chunks).subarray(0, length - chunk.length + newline);
        finish(() => resolve(answer.toString("utf8")));
      } else if (length > MAXIMUM_ANSWER) {
        fail("EMSGSIZE", `${path} answered with more than ${MAXIMUM_ANSWER} bytes in one line`);
      }
    });
  });
}
