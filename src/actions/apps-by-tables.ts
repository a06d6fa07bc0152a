import { knownRevisions } from "../catalog/known-revisions.ts";
import type { ServerAccess } from "../ports/server-access.ts";
import type { BackedUpDatabase } from "../postgres/archive/backup-manifest.ts";
import type { AppShare } from "../postgres/database-verdict.ts";
import { inspectDatabase } from "../postgres/inspect-database.ts";
import { judgeDatabase } from "../postgres/judge-database.ts";
import { openReadSession } from "../postgres/open-read-session.ts";

/** Whose a database is, told by its tables where no project says it; empty: it holds nothing at all. Throws as `connect` does. */
export async function appsByTables(
  access: Pick<ServerAccess, "connect">,
  database: string,
  signal: AbortSignal,
): Promise<{ readonly apps: BackedUpDatabase["apps"]; readonly isEmpty: boolean }> {
  const session = await openReadSession(access, database, signal);
  try {
    const picture = await inspectDatabase(session);
    const { shares } = judgeDatabase(picture);
    const apps = shares.filter(({ isSkeleton }) => !isSkeleton).map(appOf);
    const isEmpty = picture.tables.length + picture.views.length + picture.routines.length === 0;
    return { apps: apps.filter(({ id }, at) => apps.findIndex((one) => one.id === id) === at), isEmpty };
  } finally {
    await session.close();
  }
}

/** With the oldest release that has its revision: a restore asks whether another one is too old for it. */
function appOf({ owner, revision }: AppShare): BackedUpDatabase["apps"][number] {
  const product = owner === "airflow" ? "airflow" : "mlflow";
  const [recorded = revision.fingerprint ?? ""] = revision.recorded;
  const releases = knownRevisions[owner]().releasesAt(recorded);
  return { id: product, product, version: releases?.split("-")[0] ?? "unknown" };
}
