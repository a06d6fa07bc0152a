import { quoteWord } from "../core/quote-word.ts";
import { ToolError } from "../core/tool-error.ts";
import type { SqlFailure } from "../ports/sql.ts";
import { quoteName } from "./quote-sql.ts";

/** Why a login by URL did not work, with what to do: ToolError POSTGRES_UNREACHABLE. Its label is HOST:PORT. Tells no password. */
export function unreachableServer(
  failure: SqlFailure,
  login: { readonly label: string; readonly user: string; readonly database: string; readonly hasPassword: boolean },
): ToolError {
  const { label, user, database } = login;
  return new ToolError("POSTGRES_UNREACHABLE", `${label} does not let ${user} into ${database}: ${failure.reason}.`, {
    hint: hintFor(failure, login),
    detail: { failure: failure.failure, sqlState: failure.sqlState, server: label, role: user, database },
    exitCode: 1,
  });
}

function hintFor({ failure, reason }: SqlFailure, login: Parameters<typeof unreachableServer>[1]): string {
  const { label, user, database, hasPassword } = login;
  if (/no pg_hba\.conf entry/.test(reason)) {
    return reason.includes("no encryption")
      ? "The server wants TLS for this login: add ?sslmode=require to the URL."
      : `The server's pg_hba.conf lets nobody in from here as ${user}: add a line for this address there.`;
  }
  switch (failure) {
    case "password":
      return hasPassword
        ? `Give the right password of ${user} in PGPASSWORD, in the URL (percent-encoded) or in ~/.pgpass.`
        : `No password was given. Set PGPASSWORD, or write one into ~/.pgpass (mode 0600).`;
    case "role":
      return `Name a role that exists and may log in: ${psqlAt(label)} -c '\\du'`;
    case "database":
      return `Name a database that exists: ${psqlAt(label)} -U ${quoteWord(user)} -l`;
    case "refused":
      return `Nothing listens on ${label}. Start the server, or name the port it has: postgresql://${user}@HOST:PORT/${database}`;
    case "unresolved":
      return "Check the host's name. A Compose service's name means nothing outside its network: use 127.0.0.1 and the published port.";
    case "timeout":
      return `${label} does not answer in time. Check address, firewall and network; more time: ?connect_timeout=30`;
    case "tls":
      return "Check sslmode and sslrootcert of the URL; a server without TLS wants ?sslmode=disable.";
    case "permission":
      return `Let the role in, as a superuser: GRANT CONNECT ON DATABASE ${quoteName(database)} TO ${quoteName(user)};`;
    case "starting":
      return "The server is starting, stopping or recovering: repeat the command in a moment.";
    case "other":
      return `See the server's log, and whether psql gets in: ${psqlAt(label)} -U ${quoteWord(user)} ${quoteWord(database)}`;
  }
}

/** `psql -h HOST -p PORT` of `HOST:PORT`. */
function psqlAt(label: string): string {
  const colon = label.lastIndexOf(":");
  return `psql -h ${quoteWord(label.slice(0, colon))} -p ${label.slice(colon + 1)}`;
}
