import { join } from "node:path";

import { chooseUnitUser } from "../engine/native/choose-unit-user.ts";
import { dataDirectory } from "../engine/project-state.ts";
import type { ServerAccess } from "../ports/server-access.ts";
import { openUrlAccess, type UrlAccess } from "../postgres/open-url-access.ts";
import { cacheDirectory } from "../supply/cache-directory.ts";
import type { ActionContext } from "./context.ts";

export interface UrlServer {
  readonly access: UrlAccess;
  /**
   * Absolute: where what belongs to the server is kept, below its own identifier, so that another address of the same server
   * finds it.
   */
  readonly home: string;
}

/**
 * A server by URL, with its client programs.
 *
 * @param maintenance a database that stays while others are renamed
 * @throws ToolError as openUrlAccess does
 */
export async function openUrlServer(
  { ports, resources, emit, signal }: ActionContext,
  url: string,
  maintenance: string,
): Promise<UrlServer> {
  const { uid, gid } = await chooseUnitUser(ports.host);
  const cache = cacheDirectory(ports.host);
  const supply = { io: ports, cache, resources, unitUser: { uid, gid }, emit, signal };
  const access = await openUrlAccess(supply, url);
  return { access, home: join(dataDirectory(ports.host), "servers", await identify(access, maintenance, signal)) };
}

/** `pg_control_system().system_identifier`; without the right to read it, the address. */
async function identify(access: ServerAccess, database: string, signal: AbortSignal): Promise<string> {
  const session = await access.connect(database, signal);
  try {
    const [row] = await session.query(
      `SELECT CASE WHEN has_function_privilege('pg_control_system()', 'execute')
        THEN (SELECT system_identifier::text FROM pg_control_system()) END AS id`,
    );
    return typeof row?.["id"] === "string" ? row["id"] : access.label.replace(/[^\w.-]/g, "_");
  } finally {
    await session.close();
  }
}
