import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { Destination } from "../../postgres/split/plan-new-split.ts";
import type { ActionContext } from "../context.ts";
import { openUrlServer } from "../open-url-server.ts";
import type { SplitPlace } from "./split-place.ts";

/**
 * A server by URL: no Compose file follows, and applications stay on it. Journals lie below the server's own identifier, so
 * that another address of the same server finds them.
 *
 * @param wanted.database goes before the URL's own
 * @throws ToolError as openUrlServer does; COMMAND_USAGE when no database is named
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
  const named = wanted.database ?? databaseOf(url);
  if (named === undefined) {
    throw new ToolError("COMMAND_USAGE", "The URL names no database.", {
      hint: "bulkhead db split --url postgresql://USER@HOST:5432/DATABASE",
    });
  }
  // The database itself may be closed or renamed while a split is open.
  const maintenance = named === "postgres" ? "template1" : "postgres";
  const { access, home } = await openUrlServer(context, withDatabase(url, maintenance), maintenance);
  const destination = (part: { readonly id: string }): Destination => ({
    database: wanted.name ?? part.id.replaceAll("-", "_"),
    role: wanted.role,
    service: undefined,
  });
  return {
    database: named,
    installed: {},
    journals: join(home, "journal"),
    backups: join(home, "backups"),
    context: {
      io: context.ports,
      server: access,
      maintenance,
      target: () => Promise.reject(new Error("a server by URL has no other services")),
      project: undefined,
    },
    wishes: async () => ({ destination, project: undefined, prepare: () => Promise.resolve() }),
  };
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
