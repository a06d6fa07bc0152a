import type { DatabaseServer, Grant } from "../../topology/topology.ts";
import { connectionFacts } from "../connection-facts.ts";
import { judgedConnections, nameConnection } from "../judged-connections.ts";
import { settledSchema } from "../../topology/settled-schema.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule } from "../rule.ts";

/**
 * From PostgreSQL 15 on only a database's owner may create tables in its schema `public` (release notes of 15, "Remove
 * PUBLIC creation permission on the public schema"); a grant on the database does not give that right.
 */
export const schemaPublicNotGranted = defineRule({
  id: "schema-public-not-granted",
  group: "postgres",
  severity: "error",
  fix: undefined,
  summary: "A login that may not create tables in its database",
  hiddenBy: ["database-not-created", "wrong-credentials", "unknown-host"],
  *check({ project, topology }) {
    const labels = placeLabels(project);
    for (const connection of judgedConnections(topology)) {
      const server = topology.servers.find(({ service }) => service === connection.server);
      const { user, service, role, schema } = connection;
      const database = server?.databases.find(({ name }) => name === (connection.database ?? user));
      if (server === undefined || database === undefined || user === undefined) continue;
      if (server.major < 15 || !server.complete || role === "async") continue;
      if ((schema ?? settledSchema(server, database.name, user)) !== "public") continue;
      if (database.owner.state !== "known" || mayCreate(server, database.name, database.owner.value, user)) continue;
      const creation = database.creation.text;
      const place =
        creation && labels.slice(creation, 0, creation.text.length, `belongs to \`${database.owner.value}\``);
      yield {
        message: `\`${user}\`, with which \`${service}\` logs in, may not create tables in the database \`${database.name}\``,
        labels: [
          ...labelAddress(project, connection, "user", nameConnection(topology, connection)),
          place ?? labels.service(server.service, `makes \`${database.name}\` for \`${database.owner.value}\``),
        ],
        evidence: [service, role, server.service, database.name, user],
        ...connectionFacts(connection),
        consequence: "permission denied for schema public",
        notes: [`\`ALTER DATABASE ${database.name} OWNER TO ${user}\` in the script that makes it gives the right`],
      };
    }
  },
});

/** The owner, a superuser, a member of the owner, or somebody who was granted it, by name or as PUBLIC. */
function mayCreate(server: DatabaseServer, database: string, owner: string, user: string): boolean {
  const role = server.roles.find(({ name }) => name === user);
  if (role === undefined || role.superuser || owner === user) return true;
  const isGiven = (grant: Grant) =>
    [user, "public"].includes(grant.grantee.toLowerCase() === "public" ? "public" : grant.grantee);
  return server.grants.some(
    (grant) =>
      isGiven(grant) &&
      ((grant.on === "role" && grant.object === owner) ||
        (grant.on === "database" && grant.object === database && grant.privileges.includes("OWNER")) ||
        (grant.on === "schema" &&
          grant.object === "public" &&
          grant.database === database &&
          grant.privileges.some((one) => ["ALL", "CREATE", "OWNER"].includes(one)))),
  );
}
