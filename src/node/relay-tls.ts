import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { Sockets } from "../ports/sockets.ts";
import { askForTls } from "./ask-for-tls.ts";
import { tlsOptions } from "./sql-tls.ts";

/** The type of every authentication message, and the code of the one that lists mechanisms. */
const AUTHENTICATION = "R".charCodeAt(0);
const AUTHENTICATION_SASL = 10;

/** `Sockets.relayTls`. */
export const relayTls: Sockets["relayTls"] = async (target) => {
  const options = await tlsOptions(target, target.tls);
  if (!(await offersTls(target))) {
    if (target.tls.mode === "allow" || target.tls.mode === "prefer") return undefined;
    throw new Error(`${target.host}:${target.port} does not support TLS`);
  }
  const server = createServer((local) => void pass(local, target, options));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The programs that use it keep the process alive, not the listener.
  server.unref();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listener without a port");
  return { port: address.port, close: () => void server.close() };
};

async function pass(
  local: Socket,
  target: { readonly host: string; readonly port: number },
  options: ConnectionOptions,
): Promise<void> {
  local.pause();
  const remote = connect(target);
  const end = (): void => {
    local.destroy();
    remote.destroy();
  };
  local.on("error", end);
  remote.on("error", end);
  if ((await askForTls(remote)) !== "S") return end();
  const secure = connectTls({ ...options, socket: remote });
  secure.on("error", end);
  secure.once("secureConnect", () => {
    local.pipe(secure);
    passAnswers(secure, local);
  });
  secure.once("close", end);
  local.once("close", end);
}

/** All the server says, its first message as `withoutChannelBinding` leaves it. */
function passAnswers(secure: Socket, local: Socket): void {
  let first = Buffer.alloc(0);
  const take = (piece: Buffer): void => {
    first = Buffer.concat([first, piece]);
    if (first[0] === AUTHENTICATION && (first.length < 5 || first.length < 1 + first.readInt32BE(1))) return;
    secure.off("data", take);
    local.write(withoutChannelBinding(first));
    secure.pipe(local);
  };
  secure.on("data", take);
}

/**
 * Takes SCRAM-SHA-256-PLUS out of an AuthenticationSASL message: it binds the login to the TLS line, which the program does
 * not have, and libpq refuses a server that offers it without one.
 */
function withoutChannelBinding(bytes: Buffer): Buffer {
  if (bytes[0] !== AUTHENTICATION || bytes.readInt32BE(5) !== AUTHENTICATION_SASL) return bytes;
  const end = 1 + bytes.readInt32BE(1);
  const mechanisms = bytes
    .toString("latin1", 9, end)
    .split("\0")
    .filter((name) => name !== "" && !name.endsWith("-PLUS"));
  const body = Buffer.from(`${mechanisms.map((name) => `${name}\0`).join("")}\0`, "latin1");
  const head = Buffer.alloc(9);
  head[0] = AUTHENTICATION;
  head.writeInt32BE(8 + body.length, 1);
  head.writeInt32BE(AUTHENTICATION_SASL, 5);
  return Buffer.concat([head, body, bytes.subarray(end)]);
}

async function offersTls(target: { readonly host: string; readonly port: number }): Promise<boolean> {
  const socket = connect(target);
  try {
    return (await askForTls(socket)) === "S";
  } finally {
    socket.destroy();
  }
}
