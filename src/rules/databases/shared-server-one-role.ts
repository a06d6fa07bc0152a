import { groupBy } from "../../core/group-by.ts";
import { placeLabels } from "../label-place.ts";
import { labelAddress } from "../label-address.ts";
import { nameConnection } from "../judged-connections.ts";
import { defineRule } from "../rule.ts";
import { alembicUses, type AlembicUse } from "../alembic-uses.ts";

/** Two applications with databases of their own on one server, and one login for both: each can read and drop the other's. */
export const sharedServerOneRole = defineRule({
  id: "shared-server-one-role",
  group: "databases",
  severity: "info",
  fix: undefined,
  summary: "Two applications that log in to one server as the same role",
  hiddenBy: ["shared-database"],
  *check({ project, topology }) {
    const logins = groupBy(
      alembicUses({ project, topology }).filter(({ server, guessed }) => server !== undefined && !guessed),
      ({ server, connection }) => `${server?.service} ${connection.user}`,
    );
    for (const uses of logins.values()) {
      const first = uses[0];
      const second = uses.find(({ connection }) => connection.app !== first?.connection.app);
      const user = first?.connection.user;
      if (first?.server === undefined || second === undefined || user === undefined) continue;
      const { service } = first.server;
      const label = ({ connection }: AlembicUse) =>
        labelAddress(
          project,
          connection,
          "user",
          `${nameConnection(topology, connection)}: \`${connection.database}\``,
        );
      const names = [...new Set(uses.map(({ connection }) => connection.service))];
      yield {
        message: `\`${first.connection.service}\` and \`${second.connection.service}\` both log in to \`${service}\` as \`${user}\``,
        labels: [...label(second), ...label(first), placeLabels(project).service(service, "one server, one role")],
        services: Object.keys(project.services).filter((name) => names.includes(name)),
        evidence: [service, user],
        notes: ["Each application can read, change and drop the tables of the other one"],
        about: [`login ${service}/${user}`],
      } as const;
    }
  },
});
