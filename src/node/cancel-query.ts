import { createConnection } from "node:net";
import type { Client } from "pg";
import type { Dial } from "../ports/processes.ts";

/** PostgreSQL's CancelRequest code, protocol 3.0 (manual, "Message Formats"). */
const CANCEL_REQUEST = 80877102;
const LIMIT_MS = 2000;

/**
 * Asks the server to cancel what a session runs, over a connection of its own that needs no login. Resolves when the server
 * has taken it, or after two seconds; the answer comes on the session itself.
 */
export async function cancelQuery(client: Client, dial?: Dial): Promise<void> {
  // pg keeps both from BackendKeyData; its types know only of the first.
  const { processID, secretKey, host, port } = client as Client & { processID: number | null; secretKey?: number };
  if (processID === null || secretKey === undefined) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const line =
    (await dial?.()) ?? createConnection(host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  await new Promise<void>((resolve) => {
    const limit = setTimeout(() => line.destroy(), LIMIT_MS);
    line.on("error", () => undefined);
    line.once("close", () => {
      clearTimeout(limit);
      resolve();
    });
    line.resume();
    line.end(message);
  });
}
