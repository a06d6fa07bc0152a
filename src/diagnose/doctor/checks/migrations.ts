import { connectionTarget } from "../../../engine/connection-target.ts";
import { probeVersionRow } from "../../../probe/probe-version-row.ts";
import { distinctConnections } from "../../../topology/distinct-connections.ts";
import type { Connection } from "../../../topology/topology.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";

/** The version row of each app's database is the head of the package that is installed. */
export const migrations: DoctorCheck = {
  id: "migrations",
  title: "Migration",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    return distinctConnections(stack.session.topology)
      .filter(({ role, dialect, app }) => role === "metadata" && dialect === "postgresql" && app !== undefined)
      .map((connection) => ({ subject: connection.app ?? "", ask: () => askConnection(stack, connection) }));
  },
};

async function askConnection(stack: StackPlace, connection: Connection): Promise<DoctorAnswer> {
  const { session } = stack;
  const { server, service } = connection;
  if (server !== undefined && !isRunning(stack, server)) return notRunning(server);
  const target = connectionTarget(session, stack.ports, connection);
  if (target === undefined) return { outcome: "unknown", fact: "its database is no PostgreSQL of this project" };
  const histories = (await (await stack.open(service))?.histories()) ?? [];
  const chain = histories.find(({ versionTable }) => versionTable === "alembic_version");
  if (chain === undefined) {
    return {
      outcome: "unknown",
      fact: `${service} was not started here, so its own revisions are not known`,
      cure: "bulkhead up",
    };
  }
  const outcome = await probeVersionRow(session.home.ports.sql, target, chain);
  const database = `${server ?? ""}/${target.database}`;
  switch (outcome.state) {
    case "fine":
      return { outcome: "ok", fact: outcome.detail };
    case "not-yet":
      return { outcome: "fail", fact: outcome.reason, cure: `bulkhead db status ${database}\nbulkhead up` };
    case "fault":
      return { outcome: "fail", fact: outcome.reason, cure: `bulkhead db status ${database}` };
  }
}
