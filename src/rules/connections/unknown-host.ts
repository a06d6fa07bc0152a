import { suggestKey } from "../../compose/suggest-key.ts";
import type { Endpoint } from "../../topology/topology.ts";
import { connectionFacts } from "../connection-facts.ts";
import { intendedServer } from "../intended-server.ts";
import { judgedConnections, nameConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { redirectConnection } from "../redirect-connection.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/** A host name that Docker's resolver has no answer for: no service, alias or container of the project has it. */
export const unknownHost = defineRule({
  id: "unknown-host",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A connection to a host name that no service answers to",
  hiddenBy: ["unescaped-character"],
  *check(subject) {
    yield* databaseHosts(subject);
    for (const endpoint of subject.topology.endpoints) {
      if (endpoint.state.kind === "known" && judgedRoles.has(endpoint.role)) yield* endpointHost(subject, endpoint);
    }
  },
});

function* databaseHosts(subject: Subject): Iterable<Fault> {
  const { project, topology } = subject;
  const place = placeLabels(project);
  for (const connection of judgedConnections(topology)) {
    const { service, host, target } = connection;
    if (host === undefined || (target?.kind !== "unknown-name" && target?.kind !== "inactive")) continue;
    const intended = intendedServer(subject, connection)?.server;
    const [first, ...trail] = labelAddress(
      project,
      connection,
      "host",
      `${nameConnection(topology, connection)} is looked for here`,
    );
    yield {
      message: `\`${service}\` connects to \`${host}\`, ${tellMissing(target)}`,
      labels: [
        first,
        ...trail,
        ...(intended === undefined ? [] : [place.service(intended.service, "a PostgreSQL server of this project")]),
      ],
      evidence: [service, connection.role, host],
      ...connectionFacts(connection),
      ...(target.kind === "inactive" ? { confidence: "likely" } : {}),
      consequence: `could not translate host name "${host}" to address`,
      ...(intended === undefined || target.kind === "inactive"
        ? {}
        : { fix: () => redirectConnection(subject, connection, intended) }),
    };
  }
}

const judgedRoles: ReadonlySet<Endpoint["role"]> = new Set(["tracking", "registry", "broker", "airflow-connection"]);

function* endpointHost(subject: Subject, endpoint: Endpoint): Iterable<Fault> {
  const { service, host, target, role } = endpoint;
  if (host === undefined || (target?.kind !== "unknown-name" && target?.kind !== "inactive")) return;
  const servers = subject.topology.servers.map((server) => server.service);
  const likely =
    role === "airflow-connection"
      ? suggestKey(host, servers)
      : role === "broker"
        ? undefined
        : (suggestKey(host, mlflowServers(subject)) ?? only(mlflowServers(subject)));
  yield {
    severity: role === "broker" ? "error" : "warning",
    confidence: target.kind === "inactive" ? "likely" : "certain",
    message: `\`${service}\` is told of \`${host}\` in ${endpoint.writtenIn}, ${tellMissing(target)}`,
    labels: labelAddress(subject.project, endpoint, "host", "looked for here"),
    services: [service],
    evidence: [service, endpoint.writtenIn, host],
    about: [`endpoint ${service} ${endpoint.writtenIn}`],
    ...(likely === undefined || endpoint.port === undefined
      ? {}
      : { fix: () => redirectConnection(subject, endpoint, { service: likely, port: endpoint.port ?? 0 }) }),
  };
}

function mlflowServers({ topology }: Subject): readonly string[] {
  return Object.values(topology.services)
    .filter(({ product, component }) => product === "mlflow" && component?.id === "server")
    .map(({ service }) => service);
}

function only(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

function tellMissing(
  target: { readonly kind: "unknown-name" } | { readonly kind: "inactive"; readonly service: string },
): string {
  return target.kind === "unknown-name"
    ? "which no service answers to"
    : `but the service \`${target.service}\` starts only with its profile`;
}
