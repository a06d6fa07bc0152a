import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import { writeBackup, type BackupSource, type BackupSummary } from "../../postgres/archive/write-backup.ts";
import { inspectServer } from "../../postgres/inspect-server.ts";
import { openReadSession } from "../../postgres/open-read-session.ts";
import { renderServerUrl } from "../../postgres/render-server-url.ts";
import { prepareBackups } from "../../stack/backup-file.ts";
import { appsByTables } from "../apps-by-tables.ts";
import type { ActionContext } from "../context.ts";
import { openUrlServer } from "../open-url-server.ts";
import { placeBackup } from "./place-backup.ts";

const maintenance = "postgres";

type SourceDatabase = BackupSource["databases"][number];

/**
 * Backs up a server's databases, or the one that the URL names, into one file. Whose they are is told by their tables.
 *
 * @param wanted.apps applications or databases, which go before the URL's own; empty: all
 * @returns the backup, and the URL for a restore
 * @throws ToolError as openUrlServer and writeBackup do, SERVICE_UNKNOWN for what the server does not have
 */
export async function backUpByUrl(
  context: ActionContext,
  url: string,
  wanted: { readonly out: string | undefined; readonly apps: readonly string[]; readonly verify: boolean },
): Promise<{ readonly archive: BackupSummary; readonly url: string }> {
  const { ports, emit, signal, version } = context;
  const { access, home } = await openUrlServer(context, url, maintenance);
  const place = { home: { ports }, layout: { backups: join(home, "backups") } };
  await prepareBackups(place);
  const path = await placeBackup(ports, place, wanted.out);
  const databases = choose(access, await listDatabases(access, signal), wanted.apps);
  const sources = [{ access, databases }];
  const request = { path, project: null, version, sources, verify: wanted.verify, emit, signal };
  return { archive: await writeBackup(ports, request), url: renderServerUrl(access, maintenance) };
}

async function listDatabases(
  access: Pick<ServerAccess, "connect">,
  signal: AbortSignal,
): Promise<readonly (SourceDatabase & { readonly isEmpty: boolean })[]> {
  const session = await openReadSession(access, maintenance, signal);
  try {
    const { databases } = await inspectServer(session, { measured: false });
    const found = [];
    for (const { name, isTemplate, allowsConnections } of databases) {
      if (isTemplate) continue;
      const content = allowsConnections ? await appsByTables(access, name, signal) : { apps: [], isEmpty: false };
      found.push({ name, isClosed: !allowsConnections, ...content });
    }
    return found;
  } finally {
    await session.close();
  }
}

function choose(
  { label, database }: { readonly label: string; readonly database: string | undefined },
  all: Awaited<ReturnType<typeof listDatabases>>,
  apps: readonly string[],
): readonly SourceDatabase[] {
  const words = apps.length > 0 ? apps : database === undefined ? [] : [database];
  const isMeant = (one: SourceDatabase, word: string): boolean =>
    one.name === word || one.apps.some(({ id }) => id === word);
  const missing = words.filter((word) => !all.some((one) => isMeant(one, word)));
  if (missing.length > 0) {
    throw new ToolError("SERVICE_UNKNOWN", `${label} has no database of ${missing.join(", ")}.`, {
      hint: `It has ${all.map(({ name }) => name).join(", ")}.`,
      detail: { server: label, missing },
    });
  }
  // Without the one that PostgreSQL makes for itself, where nobody uses it.
  const used = all.filter(({ name, isEmpty }) => name !== maintenance || !isEmpty || all.length === 1);
  return words.length === 0 ? used : all.filter((one) => words.some((word) => isMeant(one, word)));
}
