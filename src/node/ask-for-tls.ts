import type { Socket } from "node:net";

/** PostgreSQL's SSLRequest (manual, "Message Formats"): its length, and 1234.5679. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Asks a server for TLS on a line of which nothing was used yet. Gives its one-letter answer, the line being paused; undefined
 * when it was closed, or said more than a letter, which nobody may before the line is encrypted.
 */
export function askForTls(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    socket.once("data", (data: Buffer) => {
      socket.pause();
      resolve(data.length === 1 ? data.toString("latin1") : undefined);
    });
    socket.once("close", () => resolve(undefined));
    socket.once("error", () => resolve(undefined));
    socket.write(SSL_REQUEST);
  });
}
