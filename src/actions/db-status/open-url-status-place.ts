import { openUrlLogin } from "../../postgres/open-url-login.ts";
import type { ActionContext } from "../context.ts";
import type { StatusPlace } from "./status-place.ts";

/**
 * A server by URL; the database that the URL names, or `database`, is the only one that is meant. Throws COMMAND_USAGE for
 * a URL that cannot be used.
 */
export async function openUrlStatusPlace(
  { ports }: Pick<ActionContext, "ports">,
  url: string,
  database: string | undefined,
): Promise<StatusPlace> {
  const access = await openUrlLogin(ports, url);
  const named = access.place.database;
  return {
    access,
    maintenance: named ?? "postgres",
    database: database ?? named,
    installed: {},
    isUsed: () => false,
    usersOf: () => [],
    subjectOf: (name) => `--url ${renderUrl(access, name)}`,
  };
}

/** Without the password, which further commands find where this one did. */
function renderUrl({ label, role }: StatusPlace["access"], database: string): string {
  const place = label.startsWith("/")
    ? `/${encodeURIComponent(database)}?host=${encodeURIComponent(label.replace(/:\d+$/, ""))}&port=${/\d+$/.exec(label)?.[0]}`
    : `${label}/${encodeURIComponent(database)}`;
  return `'postgresql://${encodeURIComponent(role)}@${place}'`;
}
