import { dirname, join } from "node:path";

import type { Files } from "../../ports/files.ts";
import type { StateLayout } from "../project-state.ts";

/**
 * Removes everything a project has but its backups, and gives the names of the volumes that went. The state leaves its
 * place by one rename, so that a removal that is killed half-way has either not begun or is over for every other
 * command; what such a one left of its files is removed by the next.
 */
export async function removeProjectState(files: Files, layout: StateLayout): Promise<readonly string[]> {
  const volumes = (await files.exists(layout.volumes)) ? await files.list(layout.volumes) : [];
  await files.remove(layout.removed);
  if (await files.exists(layout.directory)) {
    await files.makeDirectory(dirname(layout.removed), { mode: 0o755 });
    await files.rename(layout.directory, layout.removed);
  }
  await files.remove(join(layout.sockets, ".."));
  await files.remove(layout.removed);
  return volumes;
}
