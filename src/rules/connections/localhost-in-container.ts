import { connectionFacts } from "../connection-facts.ts";
import { intendedServer } from "../intended-server.ts";
import { judgedConnections, nameConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { redirectConnection } from "../redirect-connection.ts";
import { defineRule } from "../rule.ts";

/** `localhost` is the container itself: a server in another container, or on the machine, is not there. */
export const localhostInContainer = defineRule({
  id: "localhost-in-container",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A database URL with localhost, which is the container itself",
  *check(subject) {
    const { project, topology } = subject;
    const place = placeLabels(project);
    for (const connection of judgedConnections(topology)) {
      const { service, host, target, port } = connection;
      if (target?.kind !== "self" || host === undefined || target.services.some(mayListen)) continue;
      const intended = intendedServer(subject, connection)?.server;
      const [first, ...trail] = labelAddress(project, connection, "host", `\`${service}\` itself, seen from inside`);
      yield {
        message: `\`${service}\` looks for ${nameConnection(topology, connection)} on \`${host}\`, which inside a container is the container itself`,
        labels: [
          first,
          ...trail,
          ...(intended === undefined
            ? []
            : [place.service(intended.service, "the PostgreSQL server, known by this name")]),
        ],
        evidence: [service, connection.role, host],
        ...connectionFacts(connection),
        consequence: `connection to server at "${host}"${host === "localhost" ? " (127.0.0.1)" : ""}, port ${port} failed: Connection refused`,
        ...(intended === undefined ? {} : { fix: () => redirectConnection(subject, connection, intended) }),
      };
    }

    /** A server, or a program nobody knows, in the same network namespace. */
    function mayListen(name: string): boolean {
      const product = topology.services[name]?.product;
      return product === undefined || product === "postgres";
    }
  },
});
