import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { ArchiveReader } from "../../postgres/archive/read-archive.ts";
import { restoreBackup, type RestoreSummary } from "../../postgres/archive/restore-backup.ts";
import { prepareBackups } from "../../stack/backup-file.ts";
import { assertNoOpenPlan } from "../assert-no-open-plan.ts";
import type { ActionContext } from "../context.ts";
import { openUrlServer } from "../open-url-server.ts";
import { chooseBackedUp, type ChosenServer } from "./choose-backed-up.ts";

const maintenance = "postgres";

/**
 * Restores databases of a backup to a server by URL: those named, the one that the URL names, or all where it names none or
 * `postgres`. Which releases use them is not known here, so every schema is let through.
 *
 * @throws ToolError as openUrlServer and restoreBackup do; SERVICE_UNKNOWN for what the backup does not have, BACKUP_REFUSED
 *   when two of its servers have a database of one name, PLAN_OPEN
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
  const backups = join(home, "backups");
  await prepareBackups({ home: { ports }, layout: { backups } });
  const targets = chosen.map(({ from, databases }) => ({ access, from, databases }));
  const workDirectory = join(backups, ".restore.unfinished");
  return restoreBackup(ports, { archive, targets, workDirectory, emit, signal });
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
