import { connectionFacts } from "../connection-facts.ts";
import { intendedServer, mayRunPostgres } from "../intended-server.ts";
import { judgedConnections, nameConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { redirectConnection } from "../redirect-connection.ts";
import { defineRule, type Subject } from "../rule.ts";

/** `airflow:5432`: the host is a service of the project, and one that runs no PostgreSQL. */
export const hostIsNotADatabase = defineRule({
  id: "host-is-not-a-database",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A database URL whose host is a service without PostgreSQL",
  *check(subject) {
    const { project, topology } = subject;
    const place = placeLabels(project);
    for (const connection of judgedConnections(topology)) {
      const { service, host, target, port } = connection;
      if (target?.kind !== "service" || connection.server !== undefined) continue;
      const runs = mayRunPostgres(subject, target.service) ? undefined : nameProgram(subject, target.service);
      if (runs === undefined) continue;
      const intended = intendedServer(subject, connection)?.server;
      const [first, ...trail] = labelAddress(
        project,
        connection,
        "host",
        `where ${nameConnection(topology, connection)} is looked for`,
      );
      yield {
        message: `\`${service}\` looks for its database on \`${host}\`, which runs ${runs} and no PostgreSQL`,
        labels: [
          first,
          ...trail,
          ...(target.service === service ? [] : [place.service(target.service, `runs ${runs}`)]),
          ...(intended === undefined ? [] : [place.service(intended.service, "the PostgreSQL server")]),
        ],
        evidence: [service, connection.role, target.service],
        ...connectionFacts(connection),
        consequence: `port ${port} failed: Connection refused`,
        ...(intended === undefined ? {} : { fix: () => redirectConnection(subject, connection, intended) }),
      };
    }
  },
});

/** `Airflow`, or the image of what is no application of the catalog. */
function nameProgram({ project, topology }: Subject, service: string): string | undefined {
  const product = topology.services[service]?.product;
  if (product === undefined) return project.services[service]?.image;
  return { airflow: "Airflow", mlflow: "MLflow", postgres: undefined }[product];
}
