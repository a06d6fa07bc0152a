import type { Fix } from "../../core/fix.ts";
import { sliceTraced } from "../../topology/traced-text.ts";
import { connectionFacts } from "../connection-facts.ts";
import { judgedConnections, type JudgedConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { passwordRange } from "../mask-address.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";
import { writtenVariable } from "../written-variable.ts";

/** SQLAlchemy ends a password at the first `@` and decodes `%` sequences in it (sqlalchemy.engine.url, 1.4 to 2.1). */
export const unescapedCharacter = defineRule({
  id: "unescaped-character",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A password with an `@` or `%` that is not escaped in its URL",
  *check(subject) {
    for (const connection of judgedConnections(subject.topology)) yield* judge(subject, connection);
  },
});

function* judge(subject: Subject, connection: JudgedConnection): Iterable<Fault> {
  const { topology, project } = subject;
  const { service, url, role } = connection;
  const range = passwordRange(url);
  if (range === undefined) return;
  const raw = connection.text.text.slice(...range);
  const stray = (url.host ?? "").lastIndexOf("@");
  const common = {
    evidence: [service, role],
    ...connectionFacts(connection),
    fix: () => escape(subject, connection, raw),
  };
  if (stray >= 0) {
    const host = url.host?.slice(stray + 1) ?? "";
    yield {
      message: `The password in \`${service}\`'s database URL holds an \`@\` that is not escaped, so the host name starts inside it`,
      labels: labelAddress(project, connection, "password", "an `@` in here ends the password too early"),
      consequence: `could not translate host name "***@${host}" to address`,
      ...common,
    };
    return;
  }
  const expected = topology.servers
    .find((server) => server.service === connection.server)
    ?.roles.find(({ name }) => name === connection.user)?.password;
  if (raw === url.password || expected?.state !== "known" || expected.value !== raw) return;
  yield {
    message: `The password in \`${service}\`'s database URL holds a \`%\` that is not escaped, so another password is sent`,
    labels: labelAddress(project, connection, "password", "a `%` in here is read as an escape"),
    consequence: `FATAL:  password authentication failed for user "${connection.user}"`,
    ...common,
  };
}

/** Escapes the password where the URL is written. One that comes from a variable is left: the server reads it too. */
function escape(subject: Subject, connection: JudgedConnection, raw: string): Fix | undefined {
  const range = passwordRange(connection.url);
  if (range === undefined || writtenVariable(subject.project, sliceTraced(connection.text, ...range)) !== undefined)
    return undefined;
  const edits = replacePart(subject, connection, range, encodeURIComponent(raw));
  return (
    edits && {
      class: "behaviour",
      title: `Escape the password in the database URL of ${connection.service}`,
      edits,
      touches: touchedPaths(subject.project, edits),
    }
  );
}
