import type { Ports } from "../ports/ports.ts";

/**
 * Makes the copy of a data directory that a backup has besides its archive: `FILE.NAME.data` beside that, under another name
 * until it is whole. Gives its path.
 *
 * @param archive absolute path of the archive
 */
export async function placeCopy(
  files: Ports["files"],
  archive: string,
  name: string,
  copyTo: (path: string) => Promise<void>,
): Promise<string> {
  const copy = `${archive.replace(/\.tar$/, "")}.${name}.data`;
  const unfinished = `${copy}.unfinished`;
  try {
    await copyTo(unfinished);
    await files.rename(unfinished, copy);
    return copy;
  } catch (error) {
    await files.remove(unfinished);
    throw error;
  }
}
