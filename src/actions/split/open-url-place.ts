import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import { chooseUnitUser } from "../../engine/native/choose-unit-user.ts";
import { dataDirectory } from "../../engine/project-state.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import { openUrlAccess } from "../../postgres/open-url-access.ts";
import type { Destination } from "../../postgres/split/plan-new-split.ts";
import { cacheDirectory } from "../../supply/cache-directory.ts";
import type { ActionContext } from "../context.ts";
import type { SplitPlace } from "./split-place.ts";

/**
 * A server by URL: no Compose file follows, and applications stay on it. Journals lie below the server's own identifier, so
 * that another address of the same server finds them.
 *
 * @param wanted.database goes before the URL's own
 * @throws ToolError as openUrlAccess does; COMMAND_USAGE when no database is named
 */
export async function openUrlPlace(
  context: ActionContext,
  url: string,
  wanted: {
    readonly database: string | undefined;
    readonly name: string | undefined;
    readonly role: string | undefined;
  },
): Promise<SplitPlace> {
  const { ports, resources, emit, signal } = context;
  const user = await chooseUnitUser(ports.host);
  const supply = {
    io: ports,
    cache: cacheDirectory(ports.host),
    resources,
    unitUser: { uid: user.uid, gid: user.gid },
    emit,
    signal,
  };
  const named = wanted.database ?? databaseOf(url);
  if (named === undefined) {
    throw new ToolError("COMMAND_USAGE", "The URL names no database.", {
      hint: "bulkhead db split --url postgresql://USER@HOST:5432/DATABASE",
    });
  }
  // The database itself may be closed or renamed while a split is open.
  const access = await openUrlAccess(supply, withDatabase(url, named === "postgres" ? "template1" : "postgres"));
  const maintenance = named === "postgres" ? "template1" : "postgres";
  const destination = (part: { readonly id: string }): Destination => ({
    database: wanted.name ?? part.id.replaceAll("-", "_"),
    role: wanted.role,
    service: undefined,
  });
  const home = join(dataDirectory(ports.host), "servers", await identify(access, maintenance, signal));
  return {
    database: named,
    journals: join(home, "journal"),
    backups: join(home, "backups"),
    context: {
      io: ports,
      server: access,
      maintenance,
      target: () => Promise.reject(new Error("a server by URL has no other services")),
      project: undefined,
    },
    wishes: async () => ({ destination, project: undefined, prepare: () => Promise.resolve() }),
  };
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

const shape = /^([^?]*?:\/\/[^/?]*)(?:\/([^?]*))?(\?.*)?$/s;

function databaseOf(url: string): string | undefined {
  const [, , path = "", query = ""] = shape.exec(url.trim()) ?? [];
  const option = /[?&]dbname=([^&]*)/.exec(query)?.[1];
  const name = option ?? path;
  return name === "" ? undefined : decodeURIComponent(name);
}

function withDatabase(url: string, database: string): string {
  const [, head = "", , query = ""] = shape.exec(url.trim()) ?? [];
  const rest = query.replace(/([?&])dbname=[^&]*&?/, "$1").replace(/[?&]$/, "");
  return `${head}/${encodeURIComponent(database)}${rest}`;
}
