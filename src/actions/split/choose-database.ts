import { ToolError } from "../../core/tool-error.ts";
import type { Session } from "../../engine/session.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import { inspectDatabase } from "../../postgres/inspect-database.ts";
import { judgeDatabase } from "../../postgres/judge-database.ts";
import { openReadSession } from "../../postgres/open-read-session.ts";
import { groupParts } from "../../postgres/split/group-parts.ts";
import type { DatabaseServer } from "../../topology/topology.ts";
import type { DbSplitOptions } from "../db-split.ts";
import type { SplitPlace } from "./split-place.ts";

export interface ReachedServer {
  readonly server: DatabaseServer;
  readonly access: ServerAccess;
}

/**
 * The database that is meant: the one that is named, else the only one of the project with tables of several
 * applications; where none has, the one that most connections lead to.
 *
 * @throws ToolError SPLIT_REFUSED where several could be meant, or the named one is not there
 */
export async function chooseDatabase(
  session: Pick<Session, "topology">,
  { subject, installed }: Pick<DbSplitOptions, "subject"> & Pick<SplitPlace, "installed">,
  reached: readonly ReachedServer[],
  signal: AbortSignal,
): Promise<ReachedServer & { readonly database: string }> {
  const [first] = reached;
  if (first === undefined) throw new Error("a project without servers has no database to split");
  const name = subject?.slice(subject.indexOf("/") + 1);
  const all: (ReachedServer & { database: string })[] = [];
  for (const one of reached) {
    for (const database of await listDatabases(one.access, signal)) all.push({ ...one, database });
  }
  if (name !== undefined) {
    const found = all.filter(({ database }) => database === name);
    if (found.length === 1) return found[0] as (typeof found)[number];
    const where = reached.map(({ server }) => server.service).join(", ");
    throw new ToolError(
      "SPLIT_REFUSED",
      `${found.length === 0 ? "There is no" : "There is more than one"} database ${name} on ${where}.`,
      {
        hint: all.map(({ server, database }) => `bulkhead db split ${server.service}/${database}`).join("\n"),
        exitCode: 1,
      },
    );
  }
  const shared: typeof all = [];
  for (const one of all) if (await isShared(one, installed, signal)) shared.push(one);
  if (shared.length > 1) {
    throw new ToolError(
      "SPLIT_REFUSED",
      `Applications share more than one database: ${shared.map(({ database }) => database).join(", ")}.`,
      {
        hint: shared.map(({ server, database }) => `bulkhead db split ${server.service}/${database}`).join("\n"),
        exitCode: 1,
      },
    );
  }
  const [found] = shared;
  if (found !== undefined) return found;
  const used = session.topology.connections.find((one) =>
    all.some(({ server, database }) => one.server === server.service && (one.database ?? one.user) === database),
  );
  return (
    all.find(
      ({ server, database }) => used?.server === server.service && (used.database ?? used.user) === database,
    ) ?? {
      ...first,
      database: first.server.database,
    }
  );
}

async function listDatabases(access: ServerAccess, signal: AbortSignal): Promise<readonly string[]> {
  const session = await openReadSession(access, "postgres", signal);
  try {
    const rows = await session.query(
      "SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1",
    );
    // What a split of before kept has the tables of all applications, and nobody uses it.
    return rows.map((row) => String(row["name"])).filter((name) => !/_before_split(_\d+)?$/.test(name));
  } finally {
    await session.close();
  }
}

async function isShared(
  { access, database }: ReachedServer & { readonly database: string },
  installed: SplitPlace["installed"],
  signal: AbortSignal,
): Promise<boolean> {
  const session = await openReadSession(access, database, signal);
  try {
    return groupParts(judgeDatabase(await inspectDatabase(session), { installed })).length > 1;
  } finally {
    await session.close();
  }
}
