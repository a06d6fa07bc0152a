import { airflowReleases } from "../../catalog/airflow/versions.ts";
import { mlflowReleases } from "../../catalog/mlflow/versions.ts";
import type { Project } from "../../compose/project.ts";
import { revisionOwners } from "../../diagnose/revision-owner.ts";
import type { StackFacts } from "../../diagnose/stack-facts.ts";
import { resolveHost } from "../../topology/resolve-host.ts";
import { storeConnection } from "../../topology/store-connection.ts";
import type { Topology } from "../../topology/topology.ts";

/** A project as diagnosis needs it. */
export interface KnownStack {
  readonly project: Project;
  readonly topology: Topology;
}

/** What a project tells about its stack; without one only whose revisions are whose. */
export function stackFactsOf(stack: KnownStack | undefined): StackFacts {
  const tables = [airflowReleases, mlflowReleases];
  const ownersOf: StackFacts["ownersOf"] = (revision) => revisionOwners(tables, revision);
  if (stack === undefined) {
    return {
      hasProject: false,
      productOf: () => undefined,
      serviceOf: () => undefined,
      serverOf: () => undefined,
      superuserOf: () => undefined,
      dependenciesOf: () => new Set(),
      ownersOf,
    };
  }
  const { project, topology } = stack;
  const serviceOf = (from: string, host: string): string | undefined => {
    if (project.services[from] === undefined) return undefined;
    const target = resolveHost(project, from, host);
    return "service" in target ? target.service : target.kind === "self" ? from : undefined;
  };
  return {
    hasProject: true,
    productOf: (service) => topology.services[service]?.product,
    serviceOf,
    serverOf: (service) => storeConnection(topology, service)?.server,
    superuserOf: (server) => topology.servers.find((one) => one.service === server)?.superuser,
    dependenciesOf: (service) => reachable(service, (from) => needs(stack, from)),
    ownersOf,
  };
}

/** What a service waits for and what it connects to. */
function needs({ project, topology }: KnownStack, service: string): readonly string[] {
  const addresses = [...topology.connections, ...topology.endpoints].filter((one) => one.service === service);
  return [
    ...Object.keys(project.services[service]?.depends_on ?? {}),
    ...addresses.flatMap(({ target }) => (target !== undefined && "service" in target ? [target.service] : [])),
  ];
}

function reachable(start: string, next: (from: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [start];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const one of next(from)) {
      if (found.has(one)) continue;
      found.add(one);
      open.push(one);
    }
  }
  return found;
}
