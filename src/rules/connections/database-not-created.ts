import type { Fix } from "../../core/fix.ts";
import { connectionFacts } from "../connection-facts.ts";
import { intendedServer } from "../intended-server.ts";
import { judgedConnections, nameConnection, type JudgedConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { planDatabaseJob } from "../plan-database-job.ts";
import { defineRule, type Subject } from "../rule.ts";
import type { DatabaseServer } from "../../topology/topology.ts";

/** PostgreSQL's image makes one database; every other one needs an init script, a job, or somebody by hand. */
export const databaseNotCreated = defineRule({
  id: "database-not-created",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A connection to a database that nothing creates",
  hiddenBy: ["unescaped-character", "wrong-credentials"],
  *check(subject) {
    const { topology, project } = subject;
    const place = placeLabels(project);
    for (const connection of judgedConnections(topology)) {
      const intended = intendedServer(subject, connection);
      const database = connection.database ?? connection.user;
      if (intended === undefined || database === undefined || !intended.server.complete) continue;
      const { server, guessed } = intended;
      if (server.databases.some(({ name }) => name === database) || database === "template1") continue;
      const { service, role } = connection;
      const only = `the only database that \`${server.service}\` is told to make`;
      yield {
        message: `\`${service}\` connects to the database \`${database}\` of \`${server.service}\`, which nothing creates`,
        labels: [
          ...labelAddress(project, connection, "database", nameConnection(topology, connection)),
          place.value(["services", server.service, "environment", "POSTGRES_DB"], only) ??
            place.service(server.service, `makes only \`${server.database}\``),
        ],
        evidence: [service, role, server.service, database],
        ...connectionFacts(connection),
        confidence: guessed ? "likely" : "certain",
        consequence: `FATAL:  database "${database}" does not exist`,
        fix: () => createDatabase(subject, server, connection, database),
      };
    }
  },
});

function createDatabase(
  subject: Subject,
  server: DatabaseServer,
  connection: JudgedConnection,
  database: string,
): Fix | undefined {
  const owner = server.roles.find(({ name }) => name === connection.user)?.name;
  const plan =
    owner === undefined ? undefined : planDatabaseJob(subject, server, { database, owner, password: undefined });
  if (plan === undefined) return undefined;
  const users = judgedConnections(subject.topology)
    .filter((one) => one.server === server.service && (one.database ?? one.user) === database)
    .map(({ service }) => service);
  const waiting = [...new Set([connection.service, ...users])];
  const edits = subject.edit.sequence([
    (kit) => kit.setDependency(waiting, plan.job, "service_completed_successfully"),
    ...plan.steps,
  ]);
  if (edits === undefined) return undefined;
  return {
    class: "behaviour",
    title: `Create ${database} on ${server.service} before ${connection.service} starts`,
    edits,
    touches: [...plan.touches, ...waiting.map((service) => ["services", service, "depends_on"])],
  };
}
