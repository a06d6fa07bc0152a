import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { Files } from "../../ports/files.ts";
import type { BackupManifest } from "./backup-manifest.ts";
import { archiveMark, checksumName, manifestName, markName, unfinishedEnding } from "./archive-names.ts";
import { openArchive } from "./read-archive.ts";
import { readPieces } from "./read-pieces.ts";
import { renderTarHeader, tarBlock, tarPadding } from "./tar-header.ts";

/** An archive that is being written beside its final name. */
export interface ArchiveWriter {
  /** Appends a file of the disk. */
  addFile(name: string, path: string, signal: AbortSignal): Promise<void>;
  addText(name: string, text: string): Promise<void>;
  /** Writes the manifest, reads everything again, and gives the archive its name. Gives its size in bytes. */
  finish(manifest: Omit<BackupManifest, "files">, signal: AbortSignal): Promise<number>;
  /** Removes what was written, unless it was finished. */
  discard(): Promise<void>;
}

/**
 * Begins an archive: a tar file, mode 0600, with a SHA-256 of each file in its manifest. It has its name only when it is
 * whole and on the disk. ToolError FILE_EXISTS when there is one of that name, DISK_FULL.
 */
export async function createArchive(
  files: Files,
  path: string,
  options: { readonly mtimeSeconds: number },
): Promise<ArchiveWriter> {
  await assertFree(files, path);
  const unfinished = join(dirname(path), `.${basename(path)}${unfinishedEnding}`);
  await files.remove(unfinished);
  const output = await files.open(unfinished, "write");
  const added: { name: string; bytes: number; sha256: string }[] = [];
  let at = 0;
  let isOpen = true;

  const write = async (bytes: Uint8Array): Promise<void> => {
    await onFullDisk(path, () => output.write(at, bytes));
    at += bytes.length;
  };
  const add = async (name: string, bytes: number, pieces: AsyncIterable<Uint8Array>): Promise<string> => {
    await write(renderTarHeader({ name, size: bytes }, options.mtimeSeconds));
    const hash = createHash("sha256");
    for await (const piece of pieces) {
      hash.update(piece);
      await write(piece);
    }
    await write(new Uint8Array(tarPadding(bytes)));
    return hash.digest("hex");
  };
  const addText = async (name: string, text: string): Promise<string> => {
    const bytes = new TextEncoder().encode(text);
    return add(name, bytes.length, one(bytes));
  };
  const close = async (): Promise<void> => {
    if (isOpen) await output.close();
    isOpen = false;
  };

  await addText(markName, archiveMark);
  return {
    addText: async (name, text) => {
      const sha256 = await addText(name, text);
      added.push({ name, bytes: new TextEncoder().encode(text).length, sha256 });
    },
    addFile: async (name, source, signal) => {
      const input = await files.open(source, "read");
      try {
        const bytes = (await files.stat(source))?.size ?? 0;
        const sha256 = await add(name, bytes, readPieces(input, 0, bytes, signal));
        added.push({ name, bytes, sha256 });
      } finally {
        await input.close();
      }
    },
    finish: async (manifest, signal) => {
      const text = `${JSON.stringify({ ...manifest, files: added } satisfies BackupManifest, null, 1)}\n`;
      const sha256 = await addText(manifestName, text);
      await addText(checksumName, `${sha256}  ${manifestName}\n`);
      await write(new Uint8Array(2 * tarBlock));
      await onFullDisk(path, () => output.sync());
      await close();
      await assertWhole(files, unfinished, signal);
      await assertFree(files, path);
      await files.rename(unfinished, path);
      await files.syncDirectory(dirname(path));
      return at;
    },
    discard: async () => {
      await close();
      await files.remove(unfinished);
    },
  };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes);
}

async function assertWhole(files: Files, path: string, signal: AbortSignal): Promise<void> {
  const archive = await openArchive(files, path);
  try {
    await archive.verify("", signal);
  } finally {
    await archive.close();
  }
}

async function assertFree(files: Files, path: string): Promise<void> {
  if ((await files.stat(path)) === undefined) return;
  throw new ToolError("FILE_EXISTS", `${path} is there already.`, {
    hint: "Name another file with --out, or move this one away.",
    detail: { path },
  });
}

async function onFullDisk(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || (error.code !== "ENOSPC" && error.code !== "EDQUOT"))
      throw error;
    throw new ToolError("DISK_FULL", `The disk of ${dirname(path)} is full; ${basename(path)} was not written.`, {
      hint: `Free some space, or write it elsewhere with --out: df -h ${dirname(path)}`,
      detail: { path },
      cause: error,
    });
  }
}
