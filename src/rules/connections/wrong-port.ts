import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { Endpoint } from "../../topology/topology.ts";
import { connectionFacts } from "../connection-facts.ts";
import { judgedConnections, nameConnection, type JudgedConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { readSpan } from "../read-span.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

/** Between containers the port inside counts; a published one exists on the machine only. */
export const wrongPort = defineRule({
  id: "wrong-port",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A connection to a port where the service does not listen",
  hiddenBy: ["unescaped-character"],
  *check(subject) {
    for (const connection of judgedConnections(subject.topology)) yield* judgeConnection(subject, connection);
    for (const endpoint of subject.topology.endpoints) yield* judgeTracking(subject, endpoint);
  },
});

function* judgeConnection(subject: Subject, connection: JudgedConnection): Iterable<Fault> {
  const { topology, project } = subject;
  const { service, host, port, url } = connection;
  const server = topology.servers.find((one) => one.service === connection.server);
  if (server === undefined || (server.port === port && url.invalidPort === undefined)) return;
  const written = url.invalidPort ?? `${port}`;
  const [first, ...trail] = labelAddress(
    project,
    connection,
    "port",
    `${nameConnection(topology, connection)} is looked for on this port`,
  );
  yield {
    message: `\`${service}\` connects to \`${host}\` on port ${written}, but \`${server.service}\` listens on ${server.port}`,
    labels: [first, ...trail, ...publishedLabels(subject, server.service, written)],
    evidence: [service, connection.role, server.service, written],
    ...connectionFacts(connection),
    consequence:
      url.invalidPort === undefined
        ? `port ${port} failed: Connection refused`
        : `ValueError: invalid literal for int() with base 10: '${url.invalidPort}'`,
    fix: () => setPort(subject, connection, server.service, server.port),
  };
}

/** An MLflow server reached on another port than it opens. */
function* judgeTracking(subject: Subject, endpoint: Endpoint): Iterable<Fault> {
  const { service, host, port, target, role } = endpoint;
  if (endpoint.state.kind === "unknown" || target?.kind !== "service" || port === undefined) return;
  if (role !== "tracking" && role !== "registry") return;
  const listening = subject.topology.listeners.filter((one) => one.service === target.service && one.purpose === "api");
  const [only, ...others] = listening;
  if (only === undefined || others.length > 0 || only.port === port) return;
  yield {
    severity: "warning",
    message: `\`${service}\` is told of \`${host}\` on port ${port} in ${endpoint.writtenIn}, but \`${target.service}\` listens on ${only.port}`,
    labels: [
      ...labelAddress(subject.project, endpoint, "port", "nothing listens on this port"),
      ...publishedLabels(subject, target.service, `${port}`),
    ],
    services: [service],
    evidence: [service, endpoint.writtenIn, target.service, `${port}`],
    consequence: `HTTPConnectionPool(host='${host}', port=${port}): Max retries exceeded with url`,
    about: [`endpoint ${service} ${endpoint.writtenIn}`],
    fix: () => setPort(subject, endpoint, target.service, only.port),
  };
}

/** The port in `"5433:5432"` that somebody took for the one between containers. */
function publishedLabels({ project, sources }: Subject, service: string, written: string): readonly Label[] {
  const at = project.services[service]?.ports.findIndex((port) => port.published === written) ?? -1;
  const text = `${written} is the port on the machine, not between containers`;
  const label = at < 0 ? undefined : placeLabels(project).value(["services", service, "ports", at, "published"], text);
  if (label === undefined) return [];
  const offset = readSpan(sources, label.span)?.search(new RegExp(`\\b${written}:`)) ?? -1;
  if (offset < 0) return [label];
  const { span } = label;
  const start = span.start + offset;
  return [{ text, span: { ...span, start, end: start + written.length, column: span.column + offset } }];
}

function setPort(
  subject: Subject,
  address: JudgedConnection | Endpoint,
  server: string,
  port: number,
): Fix | undefined {
  const place = address.url?.spans.port;
  const edits = place === undefined ? undefined : replacePart(subject, address, place, `${port}`);
  if (edits === undefined) return undefined;
  return {
    class: "behaviour",
    title: `Connect ${address.service} to ${server} on port ${port}`,
    edits,
    touches: touchedPaths(subject.project, edits),
  };
}
