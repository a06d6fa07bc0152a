import { join } from "node:path";
import type { Files } from "../../ports/files.ts";

/**
 * Makes a directory and all in it an account's, whose directories it can then read and write; what links lead to stays as it
 * is. Rejects with EPERM where that is not allowed.
 */
export async function giveTree(
  files: Pick<Files, "chown" | "chmod" | "stat" | "list">,
  path: string,
  owner: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const facts = await files.stat(path);
  if (facts === undefined || facts.kind === "symlink") return;
  await files.chown(path, owner);
  if (facts.kind !== "directory") return;
  if ((facts.mode & 0o700) !== 0o700) await files.chmod(path, (facts.mode & 0o7777) | 0o700);
  for (const entry of await files.list(path)) await giveTree(files, join(path, entry), owner);
}
