import { basename, dirname, isAbsolute, join } from "node:path";

import { quoteWord } from "../../core/quote-word.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import { backupFile, type BackupPlace } from "../../stack/backup-file.ts";

/** The file that a backup goes to: `out`, one in that directory, or one among the others. ToolError COMMAND_USAGE. */
export async function placeBackup(
  { files, host }: Pick<Ports, "files" | "host">,
  place: BackupPlace,
  out: string | undefined,
): Promise<string> {
  const standard = backupFile(place);
  if (out === undefined) return standard;
  const path = isAbsolute(out) ? out : join(host.cwd, out);
  const file = (await files.stat(path))?.kind === "directory" ? join(path, basename(standard)) : path;
  if ((await files.stat(dirname(file)))?.kind === "directory") return file;
  throw new ToolError("COMMAND_USAGE", `There is no directory ${dirname(file)}.`, {
    hint: `mkdir -p ${quoteWord(dirname(file))}`,
    detail: { path: file },
  });
}
