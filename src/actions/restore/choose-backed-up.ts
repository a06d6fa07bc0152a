import { ToolError } from "../../core/tool-error.ts";
import type { BackedUpDatabase, BackedUpServer, BackupManifest } from "../../postgres/archive/backup-manifest.ts";

/** What is taken of one server of a backup. */
export interface ChosenServer {
  readonly from: BackedUpServer;
  /** At least one. */
  readonly databases: readonly BackedUpDatabase[];
}

/**
 * The databases of a backup that are meant.
 *
 * @param apps applications or databases; empty: all
 * @param file the backup's path
 * @throws ToolError SERVICE_UNKNOWN for what the backup does not have
 */
export function chooseBackedUp(
  { servers }: Pick<BackupManifest, "servers">,
  apps: readonly string[],
  file: string,
): readonly ChosenServer[] {
  const all = servers.flatMap(({ databases }) => databases);
  const missing = apps.filter((app) => !all.some((database) => wordsOf(database).includes(app)));
  if (missing.length > 0) {
    throw new ToolError("SERVICE_UNKNOWN", `${file} has no database of ${missing.join(", ")}.`, {
      hint: `It has: ${[...new Set(all.flatMap(wordsOf))].join(", ")}`,
      detail: { missing },
    });
  }
  const isMeant = (database: BackedUpDatabase): boolean =>
    apps.length === 0 || wordsOf(database).some((word) => apps.includes(word));
  return servers
    .map((from) => ({ from, databases: from.databases.filter(isMeant) }))
    .filter(({ databases }) => databases.length > 0);
}

function wordsOf({ name, apps }: BackedUpDatabase): readonly string[] {
  return [name, ...apps.flatMap(({ id, product }) => [id, product])];
}
