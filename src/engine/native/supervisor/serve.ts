import { createServer, type Socket } from "node:net";
import { chmodSync, rmSync } from "node:fs";
import type { UnitStatus } from "../unit.ts";
import {
  maximumLineBytes,
  parseRequest,
  renderLine,
  type SupervisorAnswers,
  type SupervisorHello,
  type SupervisorNotice,
  type SupervisorReply,
  type SupervisorRequest,
} from "./protocol.ts";
import { readLines } from "./read-lines.ts";
import type { Supervisor } from "./supervisor.ts";

export interface ControlSocket {
  /** Tells every watcher. */
  readonly notify: (status: UnitStatus, gone: boolean) => void;
  /** Opens the socket anew at its path, for when somebody removed the file. */
  readonly reopen: () => Promise<void>;
  readonly close: () => void;
}

export interface ControlOptions {
  readonly socketPath: string;
  readonly hello: SupervisorHello;
  readonly supervisor: () => Supervisor;
  /** Called after the answer to `shutdown` is on its way. */
  readonly onShutdown: () => void;
}

/** Listens on the control socket (mode 0600). Whoever holds the supervision claim may replace a file left there. */
export async function serveControl(options: ControlOptions): Promise<ControlSocket> {
  const connections = new Set<Socket>();
  const watchers = new Map<Socket, number>();
  let server = await listen(options.socketPath, accept);

  function accept(socket: Socket): void {
    connections.add(socket);
    readLines(socket, (line) => {
      const parsed = parseRequest(line);
      if ("error" in parsed) send(socket, { id: parsed.id, error: parsed.error });
      else void answer(socket, parsed.id, parsed.request);
    });
    socket.on("close", () => {
      connections.delete(socket);
      watchers.delete(socket);
    });
  }

  async function answer(socket: Socket, id: number, request: SupervisorRequest): Promise<void> {
    try {
      send(socket, { id, result: await carryOut(request) });
      if (request.op === "watch") watchers.set(socket, id);
      if (request.op === "shutdown") socket.end(options.onShutdown);
    } catch (error) {
      send(socket, { id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  async function carryOut(request: SupervisorRequest): Promise<SupervisorAnswers[keyof SupervisorAnswers]> {
    const supervisor = options.supervisor();
    switch (request.op) {
      case "hello":
        return options.hello;
      case "start":
        return supervisor.start(request.spec);
      case "stop":
        return (await supervisor.stop(request.service, request)) ?? null;
      case "restart":
        return supervisor.restart(request.service);
      case "status":
      case "watch":
        return supervisor.status();
      case "shutdown":
        if (request.units === "stop") await supervisor.stopAll();
        return null;
    }
  }

  return {
    notify: (status, gone) => {
      for (const [socket, id] of watchers) {
        // A watcher that stopped reading must not make us keep its notices for ever.
        if (socket.writableLength > maximumLineBytes) socket.destroy();
        const notice: SupervisorNotice = gone ? { id, status, gone } : { id, status };
        socket.write(renderLine(notice));
      }
    },
    reopen: async () => {
      server.close();
      server = await listen(options.socketPath, accept);
    },
    close: () => {
      server.close();
      for (const socket of connections) socket.destroy();
    },
  };
}

function listen(path: string, accept: (socket: Socket) => void): ReturnType<typeof openServer> {
  rmSync(path, { force: true });
  return openServer(path, accept);
}

function openServer(path: string, accept: (socket: Socket) => void) {
  const server = createServer(accept);
  return new Promise<typeof server>((resolve, reject) => {
    const before = process.umask(0o177);
    server.once("error", reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
    process.umask(before);
  });
}

function send(socket: Socket, reply: SupervisorReply): void {
  if (socket.writable) socket.write(renderLine(reply));
}
