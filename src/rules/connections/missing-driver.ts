import type { Fix } from "../../core/fix.ts";
import { connectionFacts } from "../connection-facts.ts";
import { installDriver } from "../install-driver.ts";
import { installedDrivers } from "../installed-drivers.ts";
import { judgedConnections, type JudgedConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

/** MLflow's official image holds no PostgreSQL driver (mlflow #9513); a bare `postgresql://` asks for one of two. */
export const missingDriver = defineRule({
  id: "missing-driver",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A database URL whose Python driver is not in the image",
  *check(subject) {
    const { topology, project } = subject;
    for (const connection of judgedConnections(topology)) {
      const role = topology.services[connection.service];
      const installed = role && installedDrivers(subject, role);
      // Which asynchronous drivers an image has is not written down.
      if (role === undefined || installed === undefined || connection.role === "async") continue;
      const wanted = wantedDriver(connection, installed.preferred);
      if (wanted === undefined || installed.drivers.has(wanted)) continue;
      const other = ["psycopg2", "psycopg"].find((driver) => driver !== wanted && installed.drivers.has(driver));
      const isBare = connection.url.driver === undefined;
      // Without any driver every reading fails; with one, the SQLAlchemy in the image decides.
      const isCertain = !isBare || other === undefined;
      const { service } = connection;
      const path = ["services", service, "image"];
      yield {
        message: `\`${service}\` opens its database with ${wanted}, which ${role.dockerfile === undefined ? `its image \`${role.baseImage}\` does not hold` : "its build does not install"}`,
        labels: [
          ...labelAddress(
            project,
            connection,
            "scheme",
            isBare ? `SQLAlchemy uses ${wanted} for this` : `asks for ${wanted}`,
          ),
          placeLabels(project).value(path, `no ${wanted} in this image`) ??
            placeLabels(project).service(service, `no ${wanted} in its image`),
        ],
        evidence: [service, wanted],
        ...connectionFacts(connection),
        confidence: isCertain ? "certain" : "likely",
        consequence: `ModuleNotFoundError: No module named '${wanted}'`,
        fix: () =>
          other !== undefined && isBare ? nameDriver(subject, connection, other) : installDriver(subject, role, wanted),
      };
    }
  },
});

/** Undefined: no driver of PostgreSQL that pip would install. An asynchronous one has to become psycopg2 first. */
function wantedDriver({ url }: JudgedConnection, preferred: string): string | undefined {
  if (url.driver === undefined) return preferred;
  if (["asyncpg", "aiopg", "psycopg_async"].includes(url.driver)) return "psycopg2";
  return ["psycopg2", "psycopg", "pg8000"].includes(url.driver) ? url.driver : "psycopg2";
}

function nameDriver(subject: Subject, connection: JudgedConnection, driver: string): Fix | undefined {
  const place = connection.url.spans.scheme;
  const edits = place && replacePart(subject, connection, place, `postgresql+${driver}`);
  const title = `Open the database of ${connection.service} with ${driver}, which is installed`;
  return edits && { class: "behaviour", title, edits, touches: touchedPaths(subject.project, edits) };
}
