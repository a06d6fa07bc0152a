import type { Fix } from "../../core/fix.ts";
import type { Connection } from "../../topology/topology.ts";
import { connectionFacts } from "../connection-facts.ts";
import { nameConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

/** SQLAlchemy dropped the dialect name `postgres` in 1.4; Airflow still turns `postgres://` into `postgresql://` itself. */
export const unknownDialect = defineRule({
  id: "unknown-dialect",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A database URL that SQLAlchemy cannot read: `postgres://`, `jdbc:`, a misspelt driver",
  *check(subject) {
    for (const connection of subject.topology.connections) {
      if (connection.state.kind === "known") yield* judge(subject, connection);
    }
  },
});

/** Drivers of SQLAlchemy 1.3 to 2.1 for PostgreSQL. */
const drivers = new Set([
  "psycopg2",
  "psycopg",
  "psycopg_async",
  "psycopg2cffi",
  "asyncpg",
  "pg8000",
  "pygresql",
  "pypostgresql",
]);
const misnamed = /^(postgres|postgre|postgressql|postgresq|postgesql|postgrsql|postgresl|psql|pgsql|pg)$/i;

function* judge(subject: Subject, connection: Connection): Iterable<Fault> {
  const { topology, project } = subject;
  const { service, url, text, role } = connection;
  const name = nameConnection(topology, connection);
  const common = { evidence: [service, role], ...connectionFacts(connection) };
  if (url === undefined) {
    if (!/^\s*(jdbc:|postgres\w*:)/i.test(text.text)) return;
    yield {
      message: `${name} in \`${service}\` is no URL of the form \`postgresql://user:password@host:5432/database\``,
      labels: labelAddress(project, connection, "all", "SQLAlchemy cannot read this"),
      consequence: "sqlalchemy.exc.ArgumentError: Could not parse SQLAlchemy URL from",
      ...common,
    };
    return;
  }
  const isRewritten =
    topology.services[service]?.product === "airflow" && role === "metadata" && url.scheme === "postgres";
  if (misnamed.test(url.dialect) && !isRewritten) {
    yield {
      message: `\`${service}\` is given a URL that begins with \`${url.scheme}://\`, a dialect that SQLAlchemy does not know`,
      labels: labelAddress(project, connection, "scheme", `${name}: the dialect is called \`postgresql\``),
      consequence: `sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:${url.scheme.replace("+", ".")}`,
      ...common,
      fix: () =>
        setScheme(subject, connection, url.driver !== undefined && drivers.has(url.driver) ? url.driver : "psycopg2"),
    };
  } else if (url.dialect === "postgresql" && url.driver !== undefined && !drivers.has(url.driver)) {
    yield {
      message: `\`${service}\` is given a URL with the driver \`${url.driver}\`, which SQLAlchemy does not know`,
      labels: labelAddress(project, connection, "scheme", `${name}: no driver has this name`),
      consequence: `sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgresql.${url.driver}`,
      ...common,
      fix: () => setScheme(subject, connection, "psycopg2"),
    };
  }
}

function setScheme(subject: Subject, connection: Connection, driver: string): Fix | undefined {
  const place = connection.url?.spans.scheme;
  const prefix = connection.url?.scheme.startsWith("db+") === true ? "db+" : "";
  const edits = place && replacePart(subject, connection, place, `${prefix}postgresql+${driver}`);
  const title = `Begin the database URL of ${connection.service} with postgresql+${driver}://`;
  return edits && { class: "behaviour", title, edits, touches: touchedPaths(subject.project, edits) };
}
