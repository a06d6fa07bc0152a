import { join } from "node:path";

import type { Session } from "../engine/session.ts";

/** What unfinished pieces of a backup end in. */
const unfinished = /\.unfinished(\.d)?$/;

/** Where a project's backup goes when nobody names a file: `BACKUPS/2026-11-23T12-55-00-000Z.tar`. */
export function backupFile(session: Session): string {
  const { clock } = session.home.ports;
  return join(session.layout.backups, `${new Date(clock.now()).toISOString().replace(/[:.]/g, "-")}.tar`);
}

/** Makes the directory of a project's backups, and removes what a killed backup left there. */
export async function prepareBackups(session: Session): Promise<void> {
  const { files } = session.home.ports;
  const { backups } = session.layout;
  await files.makeDirectory(backups, { mode: 0o700 });
  for (const name of await files.list(backups)) {
    if (unfinished.test(name)) await files.remove(join(backups, name));
  }
}
