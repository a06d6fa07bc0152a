import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { BackedUpDatabase } from "../../postgres/archive/backup-manifest.ts";
import type { ArchiveReader } from "../../postgres/archive/read-archive.ts";
import { restoreBackup, type RestoreSummary } from "../../postgres/archive/restore-backup.ts";
import { openReadSession } from "../../postgres/open-read-session.ts";
import type { UrlAccess } from "../../postgres/open-url-access.ts";
import { quoteName } from "../../postgres/quote-sql.ts";
import { prepareBackups } from "../../stack/backup-file.ts";
import { appsByTables } from "../apps-by-tables.ts";
import { assertNoOpenPlan } from "../assert-no-open-plan.ts";
import type { ActionContext } from "../context.ts";
import { openUrlServer } from "../open-url-server.ts";
import { assertKnownSchema } from "./assert-known-schema.ts";
import { chooseBackedUp, type ChosenServer } from "./choose-backed-up.ts";

const maintenance = "postgres";

/**
 * Restores databases of a backup to a server by URL: those named, the one that the URL names, or all where it names none or
 * `postgres`. Which releases use them is told by the revisions of the present databases of these names; where there is none,
 * every schema is let through.
 *
 * @throws ToolError as openUrlServer and restoreBackup do; SERVICE_UNKNOWN for what the backup does not have, BACKUP_REFUSED
 *   when two of its servers have a database of one name, or for a schema newer than the present one's release has, PLAN_OPEN
 */
export async function restoreByUrl(
  context: ActionContext,
  url: string,
  wanted: { readonly archive: ArchiveReader; readonly apps: readonly string[]; readonly file: string },
): Promise<RestoreSummary> {
  const { ports, emit, signal } = context;
  const { archive, apps, file } = wanted;
  const { access, home } = await openUrlServer(context, url, maintenance);
  const named = access.database === undefined || access.database === maintenance ? [] : [access.database];
  const chosen = chooseBackedUp(archive.manifest, apps.length > 0 ? apps : named, file);
  assertDistinct(chosen, file);
  await assertNoOpenPlan(ports, home);
  for (const { databases } of chosen) {
    for (const database of databases) await assertNotNewer(access, database, file, signal);
  }
  const backups = join(home, "backups");
  await prepareBackups({ home: { ports }, layout: { backups } });
  const targets = chosen.map(({ from, databases }) => ({ access, from, databases }));
  const workDirectory = join(backups, ".restore.unfinished");
  return restoreBackup(ports, { archive, targets, workDirectory, emit, signal });
}

/** What uses the present database of that name is of a release that ends at its revision. */
async function assertNotNewer(
  access: UrlAccess,
  database: BackedUpDatabase,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const { name } = database;
  if (database.apps.length === 0 || !(await isOpen(access, name, signal))) return;
  const { apps } = await appsByTables(access, name, signal);
  const rename = `ALTER DATABASE ${quoteName(name)} RENAME TO ${quoteName(`${name} of before`)};`;
  const users = {
    apps,
    place: `of the present ${name} on ${access.label}`,
    wayOut: (app: string, release: string) =>
      `Upgrade ${app} to ${release} or newer and migrate ${name}, or move it out of the way, and repeat the command: ${rename}`,
  };
  assertKnownSchema(users, database, file);
}

async function isOpen(access: UrlAccess, database: string, signal: AbortSignal): Promise<boolean> {
  const session = await openReadSession(access, maintenance, signal);
  try {
    const rows = await session.query("SELECT FROM pg_database WHERE datname = $1 AND datallowconn", [database]);
    return rows.length > 0;
  } finally {
    await session.close();
  }
}

function assertDistinct(chosen: readonly ChosenServer[], file: string): void {
  const names = chosen.flatMap(({ databases }) => databases.map(({ name }) => name));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return;
  const servers = chosen.filter(({ databases }) => databases.some(({ name }) => name === twice));
  throw new ToolError(
    "BACKUP_REFUSED",
    `${file} has a database ${twice} of ${servers.map(({ from }) => from.server).join(" and of ")}; one server holds only one.`,
    { hint: "Name the applications whose databases are meant after the file.", detail: { database: twice } },
  );
}
