import { connect, type Socket } from "node:net";
import { ToolError } from "../../../core/tool-error.ts";
import type { UnitSpec, UnitStatus } from "../unit.ts";
import {
  renderLine,
  type SupervisorAnswers,
  type SupervisorHello,
  type SupervisorNotice,
  type SupervisorReply,
  type SupervisorRequest,
} from "./protocol.ts";
import { readLines } from "./read-lines.ts";

/** A command's connection to a project's supervisor. Every call rejects with ToolError SUPERVISOR_FAILED when it is lost. */
export interface SupervisorClient {
  readonly hello: SupervisorHello;
  /** Resolves when the unit was started (or had to be left as it is); that it is ready is another question. */
  readonly start: (spec: UnitSpec, signal?: AbortSignal) => Promise<UnitStatus>;
  /** Resolves when nothing of the unit runs any more; undefined when there is no such unit. */
  readonly stop: (
    service: string,
    options?: {
      readonly forget?: boolean;
      /** Milliseconds to end by itself before it is killed; the specification's when left out. */
      readonly graceMs?: number;
      readonly signal?: AbortSignal;
    },
  ) => Promise<UnitStatus | undefined>;
  readonly restart: (service: string, signal?: AbortSignal) => Promise<UnitStatus>;
  readonly status: (signal?: AbortSignal) => Promise<readonly UnitStatus[]>;
  /** All statuses first, then each change, until the signal aborts (ends quietly) or the supervisor goes (throws). */
  readonly watch: (signal: AbortSignal) => AsyncGenerator<UnitStatus & { readonly gone?: true }, void, undefined>;
  /** Ends the supervisor; resolves when it has let go of its socket. */
  readonly shutdown: (units: "keep" | "stop", signal?: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

/** Connects to the supervisor behind a control socket; undefined when none answers within `timeoutMs`. */
export async function connectSupervisor(
  socketPath: string,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<SupervisorClient | undefined> {
  const socket = await open(socketPath);
  if (socket === undefined) return undefined;
  const channel = createChannel(socket);
  const limit = AbortSignal.timeout(options.timeoutMs ?? 5000);
  try {
    const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
    const hello = await channel.ask({ op: "hello" }, signal);
    return createClient(socketPath, channel, hello);
  } catch {
    channel.close();
    options.signal?.throwIfAborted();
    return undefined;
  }
}

function createClient(socketPath: string, channel: Channel, hello: SupervisorHello): SupervisorClient {
  return {
    hello,
    start: (spec, signal) => channel.ask({ op: "start", spec }, signal),
    stop: async (service, { signal, ...how } = {}) =>
      (await channel.ask({ op: "stop", service, ...how }, signal)) ?? undefined,
    restart: (service, signal) => channel.ask({ op: "restart", service }, signal),
    status: (signal) => channel.ask({ op: "status" }, signal),
    watch: (signal) => watch(socketPath, signal),
    shutdown: async (units, signal) => {
      await channel.ask({ op: "shutdown", units }, signal);
      await channel.closed;
    },
    close: channel.close,
  };
}

async function* watch(
  socketPath: string,
  signal: AbortSignal,
): AsyncGenerator<UnitStatus & { readonly gone?: true }, void, undefined> {
  if (signal.aborted) return;
  const socket = await open(socketPath);
  if (socket === undefined) throw lost();
  const waiting: (UnitStatus & { readonly gone?: true })[] = [];
  let wake = (): void => undefined;
  const channel = createChannel(socket, ({ status, gone }) => {
    waiting.push(gone === true ? { ...status, gone } : status);
    wake();
  });
  const stop = (): void => channel.close();
  signal.addEventListener("abort", stop, { once: true });
  // It may have come while the connection was made.
  if (signal.aborted) stop();
  let isOpen = true;
  void channel.closed.then(() => {
    isOpen = false;
    wake();
  });
  try {
    yield* await channel.ask({ op: "watch" });
    while (isOpen || waiting.length > 0) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (!signal.aborted) throw lost();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    channel.close();
  }
}

/** Requests and answers over one connection. */
interface Channel {
  readonly ask: <R extends SupervisorRequest>(request: R, signal?: AbortSignal) => Promise<SupervisorAnswers[R["op"]]>;
  readonly closed: Promise<void>;
  readonly close: () => void;
}

function createChannel(socket: Socket, onNotice: (notice: SupervisorNotice) => void = () => undefined): Channel {
  const open = new Map<number, { resolve: (result: unknown) => void; reject: (error: unknown) => void }>();
  let lastId = 0;
  readLines(socket, (line) => {
    const message = JSON.parse(line) as SupervisorReply | SupervisorNotice;
    if ("status" in message) return onNotice(message);
    const asked = open.get(message.id);
    open.delete(message.id);
    if ("error" in message)
      asked?.reject(new ToolError("SUPERVISOR_FAILED", `The supervisor refused: ${message.error}`));
    else asked?.resolve(message.result);
  });
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      for (const { reject } of open.values()) reject(lost());
      open.clear();
      resolve();
    });
  });
  return {
    closed,
    close: () => socket.destroy(),
    ask: (request, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        if (socket.destroyed) return reject(lost());
        lastId += 1;
        const id = lastId;
        const onAbort = (): void => {
          open.delete(id);
          reject(signal?.reason);
        };
        const settled = (): void => signal?.removeEventListener("abort", onAbort);
        signal?.addEventListener("abort", onAbort, { once: true });
        open.set(id, {
          resolve: (result) => (settled(), resolve(result as never)),
          reject: (error) => (settled(), reject(error)),
        });
        socket.write(renderLine({ ...request, id }));
      }),
  };
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}

function lost(): ToolError {
  return new ToolError("SUPERVISOR_FAILED", "The connection to this project's supervisor was lost.", {
    hint: "The services keep running. Run the command again: it starts a new supervisor, which takes them over.",
  });
}
