import type { Fix } from "../../core/fix.ts";
import type { DatabaseServer } from "../../topology/topology.ts";
import { sliceTraced } from "../../topology/traced-text.ts";
import { connectionFacts } from "../connection-facts.ts";
import { intendedServer } from "../intended-server.ts";
import { judgedConnections, nameConnection, type JudgedConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";
import { writeLogin } from "../write-login.ts";
import { writtenVariable } from "../written-variable.ts";

/** A server that is given no password, or a login that sends none. Source of the server's line: docker-entrypoint.sh. */
export const missingPassword = defineRule({
  id: "missing-password",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A PostgreSQL server without a password, or a database URL without one",
  *check(subject) {
    for (const server of subject.topology.servers) {
      if (server.authMethod === "trust") continue;
      if (server.roles[0]?.password.state === "none") yield judgeServer(subject, server);
      else yield* judgeLogins(subject, server);
    }
  },
});

function judgeServer(subject: Subject, server: DatabaseServer): Fault {
  const { service } = server;
  return {
    message: `\`${service}\` is given no POSTGRES_PASSWORD, without which its image does not start`,
    labels: [
      placeLabels(subject.project).key(["services", service, "environment"], "no POSTGRES_PASSWORD in here") ??
        placeLabels(subject.project).service(service, "has no `environment`"),
      ...loginsOf(subject, server)
        .filter(({ password }) => password !== undefined && password !== "")
        .flatMap((connection) =>
          labelAddress(subject.project, connection, "user", `\`${connection.service}\` logs in with a password`).slice(
            0,
            1,
          ),
        ),
    ],
    services: [service],
    evidence: [service],
    consequence: "Error: Database is uninitialized and superuser password is not specified.",
    about: [`server ${service}`, `variable POSTGRES_PASSWORD`],
    fix: () => givePassword(subject, server),
  };
}

/** Connections of the superuser that lead here, or were meant to. */
function loginsOf(subject: Subject, { service, superuser }: DatabaseServer): readonly JudgedConnection[] {
  return judgedConnections(subject.topology).filter(
    (connection) => connection.user === superuser && intendedServer(subject, connection)?.server.service === service,
  );
}

/** The password that the applications send already, or a new one for all of them. */
function givePassword(subject: Subject, server: DatabaseServer): Fix | undefined {
  const { edit, project } = subject;
  const logins = loginsOf(subject, server);
  const sent = logins.filter(({ password }) => password !== undefined && password !== "");
  const [known] = sent;
  if (sent.some(({ password }) => password !== known?.password)) return undefined;
  if (known?.password !== undefined) {
    const written = known.url.spans.password;
    const variable = written && writtenVariable(project, sliceTraced(known.text, ...written));
    const edits = edit.setEnvironment(server.service, "POSTGRES_PASSWORD", variable ?? known.password);
    if (edits === undefined) return undefined;
    return {
      class: "behaviour",
      title: `Give ${server.service} the password that ${known.service} logs in with`,
      edits,
      touches: [["services", server.service, "environment", "POSTGRES_PASSWORD"]],
    };
  }
  const name = edit.freeName("variables", "POSTGRES_PASSWORD");
  const password = edit.newPassword(name);
  const parts = [
    edit.setVariable(name, password),
    edit.setEnvironment(server.service, "POSTGRES_PASSWORD", `\${${name}}`),
    ...logins.map((login) => sendPassword(subject, login, `\${${name}}`)),
  ];
  if (parts.includes(undefined)) return undefined;
  const edits = parts.flatMap((part) => part ?? []);
  return {
    class: "behaviour",
    title: `Give ${server.service} a new password, kept in .env`,
    edits,
    touches: [["services", server.service, "environment", "POSTGRES_PASSWORD"], ...touchedPaths(project, edits)],
    secrets: [password],
  };
}

function sendPassword(subject: Subject, login: JudgedConnection, password: string) {
  const { user, password: blank } = login.url.spans;
  if (user === undefined) return undefined;
  const text = `${encodeURIComponent(login.user ?? "")}:${password}`;
  return replacePart(subject, login, [user[0], blank?.[1] ?? user[1]], text, "interpolated");
}

function* judgeLogins(subject: Subject, server: DatabaseServer): Iterable<Fault> {
  const { project, topology } = subject;
  for (const connection of judgedConnections(topology)) {
    const { service, user, password, url } = connection;
    if (connection.server !== server.service || user === undefined || (password ?? "") !== "") continue;
    if (["password", "passfile", "service"].some((name) => name in url.query) || hasPassfile(service)) continue;
    const role = server.roles.find(({ name }) => name === user);
    if (role?.password.state !== "known") continue;
    yield {
      message: `\`${service}\` logs in to \`${server.service}\` as \`${user}\` without a password`,
      labels: [
        ...labelAddress(
          project,
          connection,
          "user",
          `${nameConnection(topology, connection)}: no password behind the user`,
        ),
        placeLabels(project).value(
          ["services", server.service, "environment", "POSTGRES_PASSWORD"],
          "the server asks for one",
        ) ?? placeLabels(project).service(server.service, "the server asks for one"),
      ],
      evidence: [service, connection.role, server.service, user],
      ...connectionFacts(connection),
      consequence: "fe_sendauth: no password supplied",
      fix() {
        const edits = writeLogin(subject, connection, server, role);
        return (
          edits && {
            class: "behaviour",
            title: `Let ${service} log in with the password of ${user}`,
            edits,
            touches: touchedPaths(project, edits),
          }
        );
      },
    };
  }

  function hasPassfile(service: string): boolean {
    return "PGPASSFILE" in (topology.services[service]?.environment ?? {});
  }
}
