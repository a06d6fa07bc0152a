import { createHash } from "node:crypto";

import { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import type { PortNeed, PortTable } from "../plan-ports.ts";

export interface AssignRequest {
  readonly needs: readonly PortNeed[];
  /** Ports of an earlier start, by service and container port. */
  readonly remembered: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Services whose unit runs now: their ports are theirs, not taken. */
  readonly running: ReadonlySet<string>;
  /** Services that are about to be started; ports of others are only planned. */
  readonly taking: ReadonlySet<string>;
  /** `--auto-ports`: take the next free port instead of failing. */
  readonly auto: boolean;
  /** Seed of the search for free ports, so that two projects rarely meet. */
  readonly seed: string;
  readonly onMoved: (need: PortNeed, port: number) => void;
}

/**
 * Decides the host port of every need. A published port that somebody else holds is ToolError PORT_TAKEN with the
 * owner's pid and program, all of them at once. Unpublished listeners get a free port below the ephemeral range, so that
 * no outgoing connection can take it between two starts.
 */
export async function assignPorts(sockets: Ports["sockets"], request: AssignRequest): Promise<PortTable> {
  const table: Record<string, Record<number, { host: string; port: number; published: boolean }>> = {};
  const byKey = new Map<string, number>();
  const used = new Set<number>();
  const taken: { need: PortNeed; port: number; owner: string; pid: number | undefined }[] = [];
  const isOurs = (need: PortNeed, port: number): boolean =>
    request.running.has(need.service) && request.remembered[need.service]?.[need.target] === port;
  const usable = async (need: PortNeed, port: number): Promise<boolean> =>
    !used.has(port) && (isOurs(need, port) || (await sockets.isFree(need.host, port)));
  /** A unit that was moved to another port by an earlier `--auto-ports` stays there while it runs. */
  const isOursElsewhere = async (need: PortNeed, port: number): Promise<boolean> =>
    isOurs(need, port) && usable(need, port);

  for (const need of request.needs) {
    let port = byKey.get(need.key);
    const remembered = request.remembered[need.service]?.[need.target];
    if (port === undefined && need.published !== undefined) {
      port = need.published;
      const isPlanned = !request.taking.has(need.service) && !used.has(port);
      if (!isPlanned && !(await usable(need, port))) {
        if (remembered !== undefined && (await isOursElsewhere(need, remembered))) {
          port = remembered;
        } else if (request.auto) {
          port = await searchFree(need, remembered ?? port + 1, usable);
          request.onMoved(need, port);
        } else {
          const owner = used.has(port) ? undefined : await sockets.ownerOf(port);
          taken.push({
            need,
            port,
            pid: owner?.pid,
            owner: owner === undefined ? "another service of this project" : `${owner.program} (pid ${owner.pid})`,
          });
        }
      }
    }
    if (port === undefined && remembered !== undefined && (await usable(need, remembered))) port = remembered;
    port ??= await searchFree(need, firstCandidate(`${request.seed} ${need.key}`), usable);
    used.add(port);
    byKey.set(need.key, port);
    (table[need.service] ??= {})[need.target] = { host: need.host, port, published: need.isPublished };
  }
  if (taken.length > 0) throw portTaken(taken);
  return table;
}

function portTaken(
  taken: readonly { need: PortNeed; port: number; owner: string; pid: number | undefined }[],
): ToolError {
  const lines = taken.map(
    ({ need, port, owner }) => `Port ${port}, published by ${need.service}, is taken by ${owner}.`,
  );
  return new ToolError("PORT_TAKEN", lines.join("\n"), {
    hint: "bulkhead up --auto-ports takes the next free ones, or change the port in the Compose file.",
    detail: { ports: taken.map(({ need, port, pid }) => ({ service: need.service, port, pid })) },
  });
}

const lowest = 15_000;
const highest = 32_000;

function firstCandidate(seed: string): number {
  return lowest + (createHash("sha256").update(seed).digest().readUInt32BE(0) % (highest - lowest));
}

async function searchFree(
  need: PortNeed,
  first: number,
  usable: (need: PortNeed, port: number) => Promise<boolean>,
): Promise<number> {
  const anywhere = { ...need, service: "" };
  for (let step = 0; step < 2_000; step += 1) {
    const port = first + step <= 65_535 ? first + step : lowest + step;
    if (await usable(anywhere, port)) return port;
  }
  throw new ToolError("PORT_TAKEN", `No free port from ${first} on for ${need.service}.`);
}
