import type { UnitSpec, UnitStatus } from "../unit.ts";

/**
 * The control socket's language: one JSON object a line. A request carries an `id`, its answer the same one; requests
 * of one connection are answered as they finish, not in order. `hello` and `shutdown` never change their shape, so that
 * any version of Bulkhead can replace a supervisor of any other.
 */
export const protocolVersion = 1;

export type SupervisorRequest =
  | { readonly op: "hello" }
  /** Makes the unit run as described: replaces one of another hash, leaves a running one of the same hash alone. */
  | { readonly op: "start"; readonly spec: UnitSpec }
  /**
   * Answers when everything of the unit has ended; `forget` also removes what is stored about it, except its logs.
   * `graceMs`: time to end by itself before it is killed, instead of the specification's.
   */
  | { readonly op: "stop"; readonly service: string; readonly forget?: boolean; readonly graceMs?: number }
  | { readonly op: "restart"; readonly service: string }
  | { readonly op: "status" }
  /** Answers with all statuses, then sends a `SupervisorNotice` for every change until the connection closes. */
  | { readonly op: "watch" }
  | { readonly op: "shutdown"; readonly units: "keep" | "stop" };

export interface SupervisorHello {
  /** Bulkhead's version. */
  readonly version: string;
  readonly protocol: number;
  readonly pid: number;
  /** ISO time. */
  readonly startedAt: string;
  readonly stateDirectory: string;
}

export interface SupervisorAnswers {
  readonly hello: SupervisorHello;
  readonly start: UnitStatus;
  readonly stop: UnitStatus | null;
  readonly restart: UnitStatus;
  readonly status: readonly UnitStatus[];
  readonly watch: readonly UnitStatus[];
  readonly shutdown: null;
}

export type SupervisorReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** A change, sent to a `watch`. `gone`: the unit was forgotten. */
export interface SupervisorNotice {
  readonly id: number;
  readonly status: UnitStatus;
  readonly gone?: true;
}

/** A line longer than this is no request of ours. */
export const maximumLineBytes = 8 * 1024 * 1024;

export function renderLine(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** Splits a byte stream into lines; throws when one exceeds `maximumLineBytes`. */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    rest += chunk;
    let end = rest.indexOf("\n");
    while (end >= 0) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line !== "") onLine(line);
      end = rest.indexOf("\n");
    }
    if (rest.length > maximumLineBytes) throw new Error("line too long");
  };
}

/** A request line as far as it can be trusted; a message text when it is none. */
export function parseRequest(line: string): { id: number; request: SupervisorRequest } | { id: number; error: string } {
  const message = parseObject(line);
  if (message === undefined) return { id: 0, error: "not a JSON object" };
  const id = typeof message["id"] === "number" ? message["id"] : 0;
  const { op } = message;
  const service = op === "start" ? (message["spec"] as UnitSpec | undefined)?.service : message["service"];
  switch (op) {
    case "hello":
    case "status":
    case "watch":
      return { id, request: { op } };
    case "shutdown":
      return { id, request: { op, units: message["units"] === "stop" ? "stop" : "keep" } };
    case "start":
    case "stop":
    case "restart":
      if (typeof service !== "string" || !isServiceName(service)) return { id, error: `${op}: no valid service name` };
      return { id, request: message as unknown as SupervisorRequest };
    default:
      return { id, error: `unknown request ${String(op)}` };
  }
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Compose's own rule for service names; it also keeps them safe as directory names. */
export function isServiceName(name: string): boolean {
  return /^[a-zA-Z0-9._-]+$/.test(name) && name !== "." && name !== "..";
}
