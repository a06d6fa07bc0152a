import { compareReleaseVersions } from "../../catalog/compare-release-versions.ts";
import { connectionFacts } from "../connection-facts.ts";
import { installedDrivers } from "../installed-drivers.ts";
import { judgedConnections, nameConnection, type JudgedConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

const asyncDrivers = new Set(["asyncpg", "aiopg", "psycopg_async"]);

/** Airflow and MLflow open their databases with SQLAlchemy's synchronous engine; Airflow 3 derives an async URL itself. */
export const asyncDriver = defineRule({
  id: "async-driver",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A database URL with an asynchronous driver where a synchronous one is used",
  *check(subject) {
    const { topology, project } = subject;
    for (const connection of judgedConnections(topology)) {
      const { service, url } = connection;
      if (connection.role === "async" || url.driver === undefined || !asyncDrivers.has(url.driver)) continue;
      yield {
        message: `${nameConnection(topology, connection)} is opened with the asynchronous driver \`${url.driver}\`, which it cannot use`,
        labels: labelAddress(project, connection, "scheme", `\`${url.driver}\` works in asynchronous programs only`),
        evidence: [service, connection.role, url.driver],
        ...connectionFacts(connection),
        ...announce(subject, connection),
        fix() {
          const place = url.spans.scheme;
          const edits = place && replacePart(subject, connection, place, url.scheme.replace(/\+\w+$/, "+psycopg2"));
          const title = `Open the database of ${service} with psycopg2`;
          return edits && { class: "behaviour", title, edits, touches: touchedPaths(project, edits) };
        },
      };
    }
  },
});

/**
 * Without the driver in the image it does not come so far. Airflow until 3.1 prints a TypeError of one argument or another
 * that asyncpg does not know.
 */
function announce(subject: Subject, { service, url }: JudgedConnection): Pick<Fault, "consequence"> {
  const role = subject.topology.services[service];
  const installed = role && installedDrivers(subject, role);
  if (installed?.drivers.has(url.driver ?? "") === false)
    return { consequence: `ModuleNotFoundError: No module named '${url.driver?.replace("_async", "")}'` };
  return role?.product === "airflow" && compareReleaseVersions(role.version ?? "", "3.2.0") < 0
    ? { consequence: "TypeError: Invalid argument(s) 'executemany_mode'" }
    : { consequence: "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called" };
}
