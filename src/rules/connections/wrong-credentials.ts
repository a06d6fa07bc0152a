import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { DatabaseServer, ServerRole } from "../../topology/topology.ts";
import { connectionFacts } from "../connection-facts.ts";
import { intendedServer } from "../intended-server.ts";
import { judgedConnections, nameConnection, type JudgedConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";
import { writeLogin } from "../write-login.ts";

/** A role that nothing creates, or another password than the role is given. The server tells neither apart. */
export const wrongCredentials = defineRule({
  id: "wrong-credentials",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A database URL with a user or a password that the server does not know",
  hiddenBy: ["unescaped-character"],
  *check(subject) {
    const { topology, project } = subject;
    for (const connection of judgedConnections(topology)) {
      const intended = intendedServer(subject, connection);
      const login = intended === undefined ? undefined : judgeLogin(intended.server, connection);
      if (intended === undefined || login === undefined) continue;
      const { server } = intended;
      const { service } = connection;
      const isSwapped = login.wrong === "both";
      const user = isSwapped ? "***" : connection.user;
      const facts = connectionFacts(connection);
      const part = login.wrong === "password" ? "password" : "user";
      yield {
        message: `\`${service}\` logs in to \`${server.service}\` ${login.tells}`,
        labels: [
          ...labelAddress(project, connection, part, `${nameConnection(topology, connection)} is opened with this`),
          ...createdLabels(subject, server, login.role),
        ],
        evidence: [service, connection.role, server.service, isSwapped ? "swapped" : (user ?? "")],
        ...facts,
        ...(isSwapped ? { effective: maskLogin(connection) } : {}),
        confidence: intended.guessed ? "likely" : "certain",
        consequence:
          server.authMethod === "trust"
            ? `FATAL:  role "${user}" does not exist`
            : `FATAL:  password authentication failed for user "${user}"`,
        fix: () => logIn(subject, connection, server, login.role),
      };
    }
  },
});

interface WrongLogin {
  readonly wrong: "user" | "password" | "both";
  readonly tells: string;
  /** The role it should log in as, where that can be told. */
  readonly role: ServerRole | undefined;
}

function judgeLogin(server: DatabaseServer, { user, password, database }: JudgedConnection): WrongLogin | undefined {
  if (user === undefined) return undefined;
  const hasPassword = (role: ServerRole, text = password) =>
    role.password.state === "known" && role.password.value === text;
  const role = server.roles.find(({ name }) => name === user);
  if (role === undefined) {
    if (!server.complete) return undefined;
    const swapped = server.roles.find((one) => one.name === password && hasPassword(one, user));
    if (swapped !== undefined) return { wrong: "both", tells: "with user and password swapped", role: swapped };
    const made = server.roles.map(({ name }) => `\`${name}\``).join(", ");
    return { wrong: "user", tells: `as \`${user}\`, but only ${made} is created there`, role: likelyRole() };
  }
  const isChecked = server.authMethod !== "trust" && (password ?? "") !== "" && role.password.state === "known";
  if (!isChecked || hasPassword(role)) return undefined;
  return { wrong: "password", tells: `as \`${user}\` with another password than the server is given`, role };

  function likelyRole(): ServerRole | undefined {
    const owner = server.databases.find(({ name }) => name === database)?.owner;
    const owning = owner?.state === "known" ? server.roles.find(({ name }) => name === owner.value) : undefined;
    return owning ?? server.roles[0];
  }
}

/** The password stands in the place of the user. */
function maskLogin({ text: { text }, url }: JudgedConnection): string {
  const [start] = url.spans.user ?? [0];
  return `${text.slice(0, start)}***:***${text.slice(url.spans.password?.[1] ?? start)}`;
}

function createdLabels(
  { project }: Subject,
  { service, superuser }: DatabaseServer,
  role: ServerRole | undefined,
): readonly Label[] {
  const place = placeLabels(project);
  if (role === undefined || role.name !== superuser) return [place.service(service, "the server")];
  const labels = (["POSTGRES_USER", "POSTGRES_PASSWORD"] as const).flatMap(
    (name) => place.value(["services", service, "environment", name], `what \`${service}\` is given`) ?? [],
  );
  return labels.length > 0 ? labels : [place.service(service, "the server")];
}

function logIn(
  subject: Subject,
  connection: JudgedConnection,
  server: DatabaseServer,
  role: ServerRole | undefined,
): Fix | undefined {
  const edits = role && writeLogin(subject, connection, server, role);
  if (role === undefined || edits === undefined) return undefined;
  return {
    class: "behaviour",
    title: `Let ${connection.service} log in to ${server.service} as ${role.name}`,
    edits,
    touches: touchedPaths(subject.project, edits),
  };
}
