import { openUrlLogin } from "../../postgres/open-url-login.ts";
import { renderServerUrl } from "../../postgres/render-server-url.ts";
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
    subjectOf: (name) => `--url ${renderServerUrl(access, name)}`,
  };
}
