import type { Creation, DatabaseServer } from "../../topology/topology.ts";
import { judgedConnections } from "../judged-connections.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule } from "../rule.ts";

/** Init scripts run on an empty data directory only: what they make is missing on a volume that was there before. */
export const initScriptOnExistingVolume = defineRule({
  id: "init-script-on-existing-volume",
  group: "postgres",
  severity: "info",
  fix: undefined,
  summary: "A database that only an init script creates, which never runs on a volume that has data",
  hiddenBy: ["database-not-created", "postgres-no-volume"],
  *check({ project, topology }) {
    const labels = placeLabels(project);
    for (const server of topology.servers) {
      const hasVolume = project.services[server.service]?.volumes.some(
        ({ type }) => type === "volume" || type === "bind",
      );
      if (hasVolume !== true) continue;
      const needed = judgedConnections(topology).filter((connection) => {
        const creation = creationOf(server, connection.database ?? connection.user);
        return connection.server === server.service && creation?.by === "init-script";
      });
      const [first] = needed;
      const creation = first && creationOf(server, first.database ?? first.user);
      const script = creation?.text;
      if (first === undefined || creation === undefined) continue;
      const database = first.database ?? first.user ?? "";
      const place =
        (script && labels.slice(script, 0, script.text.length, "runs once, on an empty volume")) ??
        labels.service(server.service, "runs its init scripts once, on an empty volume");
      yield {
        message: `Only an init script of \`${server.service}\` creates the database \`${database}\`, and it never runs on a volume that has data`,
        labels: [place, labels.service(first.service, "needs the database")],
        services: [server.service, ...needed.map(({ service }) => service)],
        evidence: [server.service, database],
        about: [`server ${server.service}`],
        consequence: `FATAL:  database "${database}" does not exist`,
        notes: ["A one-shot job that creates it where it is missing works on an old volume too"],
      };
    }
  },
});

function creationOf(server: DatabaseServer, database: string | undefined): Creation | undefined {
  return server.databases.find(({ name }) => name === database)?.creation;
}
