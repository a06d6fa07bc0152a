import type { TextEdit } from "../core/fix.ts";
import type { DatabaseServer, ServerRole } from "../topology/topology.ts";
import type { JudgedConnection } from "./judged-connections.ts";
import { passwordRange } from "./mask-address.ts";
import { replacePart } from "./replace-part.ts";
import type { Subject } from "./rule.ts";
import { writtenPassword } from "./written-password.ts";

/** Edits that let a connection log in as a role of its server; undefined where the role's password is not known. */
export function writeLogin(
  subject: Subject,
  connection: JudgedConnection,
  server: DatabaseServer,
  role: ServerRole,
): readonly TextEdit[] | undefined {
  const { user } = connection.url.spans;
  if (user === undefined || role.password.state !== "known") return undefined;
  const end = passwordRange(connection.url)?.[1] ?? connection.url.spans.password?.[1] ?? user[1];
  const password = writtenPassword(subject, server, role.password.value);
  if (password === undefined) return undefined;
  return replacePart(
    subject,
    connection,
    [user[0], end],
    `${encodeURIComponent(role.name)}:${password}`,
    "interpolated",
  );
}
