import type { LoadRequest } from "../../compose/load-request.ts";
import type { Project } from "../../compose/project.ts";
import type { Http, HttpFailure } from "../../ports/http.ts";
import type { Dial } from "../../ports/processes.ts";
import type { Sql, SqlFailure, SqlTarget } from "../../ports/sql.ts";
import type { Topology } from "../../topology/topology.ts";
import { listPortNeeds, type PortTable } from "../plan-ports.ts";
import { assertSameDirectory, layoutState, loadProjectRecord } from "../project-state.ts";
import type { EngineHome, Session } from "../session.ts";
import type { Container } from "./container.ts";
import { createDockerCli, type DockerCli } from "./docker-cli.ts";
import { dialContainer } from "./dial-container.ts";
import { listContainers } from "./list-containers.ts";

/** A project under the Docker Engine. */
export interface DockerSession extends Session {
  readonly engine: "docker";
  readonly cli: DockerCli;
  /** Asks the engine for the project's containers; from then on lines are dialled into these. */
  readonly look: () => Promise<readonly Container[]>;
  /** The containers as they were at the last look. */
  readonly containers: () => readonly Container[];
  /**
   * Opens a line to a port of a service's container, from inside it: at the address that other containers use, so that it is
   * let in like these; with `loopback` as the container itself. Undefined when no container of it runs.
   */
  readonly dial: (service: string, port: number, loopback?: "loopback") => Dial | undefined;
}

/** Opens a project's state: checks that it is this directory's. Writes nothing and asks no engine. */
export async function openDockerSession(
  home: EngineHome,
  request: LoadRequest,
  project: Project,
  topology: Topology,
): Promise<DockerSession> {
  const layout = layoutState(home.ports.host, project.name);
  const record = await loadProjectRecord(home.ports.files, layout);
  assertSameDirectory(record, project.directory);
  const cli = createDockerCli(home.ports.processes, project, request);
  let containers: readonly Container[] = [];
  const dial: DockerSession["dial"] = (service, port, loopback) => {
    const running = containers.find((one) => one.service === service && one.status.state === "running");
    if (running === undefined) return undefined;
    const host = loopback === undefined ? (running.address ?? "127.0.0.1") : "127.0.0.1";
    // Without a signal: what cancels a query, or puts back what an interrupted command did, is dialled after Ctrl-C.
    return dialContainer(home.ports.processes, cli, { id: running.id, host, port });
  };
  // A URL's host is lower case.
  const names = new Map(Object.keys(project.services).map((name) => [name.toLowerCase(), name]));
  const dialName: DialName = (host, port) => {
    const service = names.get(host.toLowerCase());
    return service === undefined ? "elsewhere" : dial(service, port);
  };
  const ports = {
    ...home.ports,
    http: dialledHttp(home.ports.http, dialName),
    sql: dialledSql(home.ports.sql, dialName),
  };
  return {
    engine: "docker",
    home: { ...home, ports },
    project,
    topology,
    layout,
    record,
    cli,
    dial,
    look: async () => (containers = await listContainers(home.ports, cli, project.name, home.signal)),
    containers: () => containers,
    ownHealth: (service) => {
      const container = containers.find((one) => one.service === service);
      return container?.hasHealthcheck === true ? container.status : undefined;
    },
  };
}

/**
 * Where each listener of the project is found: at the address that it is published on; else under its service's name, where
 * only the session's own `http` and `sql` find it.
 */
export function containerPorts(session: Pick<DockerSession, "project" | "topology" | "containers">): PortTable {
  const table: Record<string, Record<number, PortTable[string][number]>> = {};
  for (const { service, target } of listPortNeeds(session.project, session.topology)) {
    const address = session.containers().find((one) => one.service === service)?.published[target];
    (table[service] ??= {})[target] =
      address === undefined ? { host: service, port: target, published: false } : { ...address, published: true };
  }
  return table;
}

/** What a line into a container may take longer than one to a port: a docker client, and a program started in there. */
const dialMs = 15_000;

/** A line to the service that a host name means; undefined when it does not run. */
type DialName = (host: string, port: number) => Dial | undefined | "elsewhere";

function dialledHttp(http: Http, dialName: DialName): Http {
  return {
    request: async (request) => {
      const { hostname, port } = new URL(request.url);
      const dial = dialName(hostname, Number(port || 80));
      if (dial === undefined) return notRunning(hostname) satisfies HttpFailure;
      return http.request(dial === "elsewhere" ? request : { ...request, dial, timeoutMs: request.timeoutMs + dialMs });
    },
  };
}

function dialledSql(sql: Sql, dialName: DialName): Sql {
  const byLine = (target: SqlTarget): ReturnType<Sql["connect"]> =>
    sql.connect({ ...target, connectTimeoutMs: (target.connectTimeoutMs ?? 0) + dialMs });
  return {
    connect: async (target) => {
      if (target.dial !== undefined) return byLine(target);
      const dial = dialName(target.host, target.port);
      if (dial === undefined) return { ...notRunning(target.host), sqlState: undefined } satisfies SqlFailure;
      if (dial === "elsewhere") return sql.connect(target);
      return byLine({ ...target, dial });
    },
  };
}

function notRunning(service: string): { readonly failure: "refused"; readonly reason: string } {
  return { failure: "refused", reason: `no container of ${service} runs` };
}
