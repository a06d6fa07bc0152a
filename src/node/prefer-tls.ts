import { connect, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { askForTls } from "./ask-for-tls.ts";

/**
 * A line to a server with TLS where it offers that, else without: as libpq's `prefer`, over one connection. It is ready for
 * pg's `stream`, which asks it for a connection that is there already. Rejects as the socket or TLS does, and after `limitMs`.
 */
export async function preferTls(
  { host, port }: { readonly host: string; readonly port: number },
  options: ConnectionOptions,
  limitMs: number,
): Promise<Socket> {
  const socket = connect({ host, port });
  const limit = setTimeout(() => socket.destroy(new Error("timeout expired")), limitMs);
  const failed = new Promise<never>((_, reject) => {
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("Connection terminated unexpectedly")));
  });
  // Nobody waits for it any more once the line is there.
  failed.catch(() => undefined);
  try {
    const answer = await Promise.race([askForTls(socket), failed]);
    if (answer === "N") return connected(socket);
    if (answer !== "S") throw new Error("There was an error establishing an SSL connection");
    return connected(await Promise.race([encrypt(socket, options), failed]));
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

async function encrypt(socket: Socket, options: ConnectionOptions): Promise<Socket> {
  const { connect: connectTls } = await import("node:tls");
  const secure = connectTls({ ...options, socket });
  return new Promise((resolve, reject) => {
    secure.once("error", reject);
    secure.once("secureConnect", () => {
      secure.off("error", reject);
      resolve(secure);
    });
  });
}

function connected(line: Socket): Socket {
  return Object.assign(line, {
    connect: () => {
      process.nextTick(() => {
        line.emit("connect");
        line.resume();
      });
      return line;
    },
  });
}
