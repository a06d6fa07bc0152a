import type { Listener } from "../catalog/product.ts";
import type { Project } from "../compose/project.ts";
import { commandLines } from "../topology/command-lines.ts";
import { startsProgram } from "../topology/starts-program.ts";
import type { ServiceRole, Topology } from "../topology/topology.ts";

/** One container port of a service and what it needs on this machine. */
export interface PortNeed {
  readonly service: string;
  readonly target: number;
  /** Undefined: a port the file only publishes or exposes. */
  readonly listener: Listener | undefined;
  /** Address the file publishes on; 127.0.0.1 where it leaves it open. */
  readonly host: string;
  /** The file publishes it, on a port of its own choice or any. */
  readonly isPublished: boolean;
  /** The port the file asks for; undefined: any free one. */
  readonly published: number | undefined;
  /** Listeners with one key share a port (an app's log servers). */
  readonly key: string;
}

/** Where each listener of the project will be found: service -> container port -> address. */
export type PortTable = Readonly<
  Record<
    string,
    Readonly<Record<number, { readonly host: string; readonly port: number; readonly published: boolean }>>
  >
>;

/** Every port the project's services open, published ones first. */
export function listPortNeeds(project: Project, topology: Topology): readonly PortNeed[] {
  const needs: PortNeed[] = [];
  for (const [name, service] of Object.entries(project.services)) {
    const role = topology.services[name];
    const app = topology.apps.find((one) => one.services.includes(name))?.id ?? name;
    const listeners = new Map(
      (role?.component?.listeners ?? []).map((listener) => [listenerPort(listener, role), listener]),
    );
    const published = new Map(service.ports.map((port) => [port.target, port]));
    const exposed = (service.expose ?? []).map(Number).filter((port) => Number.isInteger(port));
    for (const target of new Set([...published.keys(), ...listeners.keys(), ...exposed])) {
      const listener = listeners.get(target);
      const port = published.get(target);
      const wanted = port?.published === undefined ? undefined : Number(port.published.split("-")[0]);
      needs.push({
        service: name,
        target,
        listener,
        host: port?.host_ip ?? "127.0.0.1",
        isPublished: port !== undefined,
        published: wanted === 0 || Number.isNaN(wanted) ? undefined : wanted,
        key: listener?.sharedByApp === true ? `${app} ${target}` : `${name} ${target}`,
      });
    }
  }
  return needs.toSorted((a, b) => Number(b.published !== undefined) - Number(a.published !== undefined));
}

/** The port a listener opens inside its container: from the command's flags, else its variable, else its default. */
export function listenerPort(listener: Listener, role: ServiceRole | undefined): number {
  for (const words of commandLines(role?.argv ?? [])) {
    if (!startsProgram(words, listener.program)) continue;
    const value = readFlag(words, listener.portFlags);
    if (value !== undefined && /^\d+$/.test(value)) return Number(value);
  }
  for (const variable of listener.portVariables) {
    const value = role?.environment[variable];
    if (value !== undefined && /^\d+$/.test(value)) return Number(value);
  }
  return listener.port;
}

function readFlag(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (flags.includes(word)) return words[index + 1];
    const joined = flags.find((flag) => word.startsWith(`${flag}=`));
    if (joined !== undefined) return word.slice(joined.length + 1);
  }
  return undefined;
}
