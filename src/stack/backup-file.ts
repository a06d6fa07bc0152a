import { join } from "node:path";

import type { StateLayout } from "../engine/project-state.ts";
import type { Ports } from "../ports/ports.ts";

/** Where backups lie: a session, or a server of no project. */
export interface BackupPlace {
  readonly home: { readonly ports: Pick<Ports, "clock" | "files"> };
  readonly layout: Pick<StateLayout, "backups">;
}

/** What unfinished pieces of a backup end in. */
const unfinished = /\.unfinished(\.d)?$/;

/** Where a backup goes when nobody names a file: `BACKUPS/2026-11-23T12-55-00-000Z.tar`. */
export function backupFile({ home, layout }: BackupPlace): string {
  const { clock } = home.ports;
  return join(layout.backups, `${new Date(clock.now()).toISOString().replace(/[:.]/g, "-")}.tar`);
}

/** Makes the directory of backups, and removes what a killed backup left there. */
export async function prepareBackups({ home, layout: { backups } }: BackupPlace): Promise<void> {
  const { files } = home.ports;
  await files.makeDirectory(backups, { mode: 0o700 });
  for (const name of await files.list(backups)) {
    if (unfinished.test(name)) await files.remove(join(backups, name));
  }
}
