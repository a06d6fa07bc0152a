import { createHash } from "node:crypto";
import { dirname, join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { Files, OpenFile } from "../../ports/files.ts";
import { archiveMark, checksumName, manifestName, markName } from "./archive-names.ts";
import { parseManifest, type BackupManifest } from "./backup-manifest.ts";
import { parseTarHeader, tarBlock, tarPadding } from "./tar-header.ts";
import { readPieces } from "./read-pieces.ts";

/** A backup whose manifest was read and is whole. */
export interface ArchiveReader {
  readonly manifest: BackupManifest;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Reads every file whose name begins with `prefix` and compares its SHA-256. ToolError BACKUP_DAMAGED. */
  verify(prefix: string, signal: AbortSignal): Promise<void>;
  /** Writes the files of a directory of it into a new one, mode 0700, and compares as `verify` does. */
  extract(from: string, directory: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

interface Place {
  readonly from: number;
  readonly size: number;
}

/** What a file of a backup may be called: nothing that leads out of the directory it is written to. */
const safeName = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/;

/**
 * Opens a backup and reads its table of files; nothing of it is written. ToolError BACKUP_DAMAGED for a file that
 * is no backup, was cut, or was changed; STATE_FORMAT for one of a newer Bulkhead.
 */
export async function openArchive(files: Files, path: string): Promise<ArchiveReader> {
  const size = (await files.stat(path))?.size;
  if (size === undefined) {
    throw new ToolError("BACKUP_DAMAGED", `There is no file ${path}.`, {
      hint: "bulkhead db restore FILE",
      detail: { path },
    });
  }
  const file = await files.open(path, "read");
  try {
    const places = await listPlaces(file, size, path);
    const manifest = await readManifest(file, places, path);
    return readerOf(files, file, { path, size, places, manifest });
  } catch (error) {
    await file.close();
    throw error;
  }
}

function readerOf(
  files: Files,
  file: OpenFile,
  opened: {
    readonly path: string;
    readonly size: number;
    readonly places: ReadonlyMap<string, Place>;
    readonly manifest: BackupManifest;
  },
): ArchiveReader {
  const { path, size, places, manifest } = opened;
  const each = async (
    prefix: string,
    signal: AbortSignal,
    take: (name: string) => Promise<{ write(piece: Uint8Array): Promise<void>; close(): Promise<void> }>,
  ): Promise<void> => {
    for (const { name, bytes, sha256 } of manifest.files.filter((one) => one.name.startsWith(prefix))) {
      const place = places.get(name);
      if (place?.size !== bytes) throw damaged(path, `${name} is missing or has another size`);
      const hash = createHash("sha256");
      const target = await take(name);
      try {
        for await (const piece of readPieces(file, place.from, place.size, signal)) {
          hash.update(piece);
          await target.write(piece);
        }
      } finally {
        await target.close();
      }
      if (hash.digest("hex") !== sha256) throw damaged(path, `the checksum of ${name} is another`);
    }
  };
  return {
    manifest,
    bytes: size,
    verify: (prefix, signal) => each(prefix, signal, async () => nowhere),
    extract: async (from, directory, signal) => {
      await files.makeDirectory(directory, { mode: 0o700 });
      await each(`${from}/`, signal, async (name) => {
        const target = join(directory, name.slice(from.length + 1));
        if (dirname(target) !== directory) await files.makeDirectory(dirname(target), { mode: 0o700 });
        const output = await files.open(target, "write");
        let at = 0;
        return {
          write: async (piece) => {
            await output.write(at, piece);
            at += piece.length;
          },
          close: () => output.close(),
        };
      });
    },
    close: () => file.close(),
  };
}

const nowhere = { write: () => Promise.resolve(), close: () => Promise.resolve() };

/** Walks from header to header. Two blocks of zeros are the end; without them the file was cut. */
async function listPlaces(file: OpenFile, size: number, path: string): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  for (let at = 0; ;) {
    const block = Uint8Array.from(await file.read(at, tarBlock));
    if (block.length < tarBlock) throw damaged(path, places.size === 0 ? "it is no backup" : "its end is missing");
    if (block.every((byte) => byte === 0)) return places;
    const entry = parseTarHeader(block);
    const isFirst = places.size === 0;
    if (entry === undefined || (isFirst && entry.name !== markName)) {
      throw damaged(path, isFirst ? "it is no backup" : `what follows ${[...places.keys()].at(-1)} cannot be read`);
    }
    if (!safeName.test(entry.name) || places.has(entry.name))
      throw damaged(path, `it names a file ${JSON.stringify(entry.name)}`);
    const from = at + tarBlock;
    at = from + entry.size + tarPadding(entry.size);
    if (at > size) throw damaged(path, "its end is missing");
    places.set(entry.name, { from, size: entry.size });
  }
}

async function readManifest(file: OpenFile, places: ReadonlyMap<string, Place>, path: string): Promise<BackupManifest> {
  const read = async (name: string): Promise<Uint8Array> => {
    const place = places.get(name);
    if (place === undefined) throw damaged(path, `it has no ${name}`);
    return Uint8Array.from(await file.read(place.from, place.size));
  };
  const mark = new TextDecoder().decode(await read(markName));
  if (mark !== archiveMark) {
    throw new ToolError(
      "STATE_FORMAT",
      `${path} says of itself: ${mark.trim().slice(0, 80)}. This Bulkhead reads format 1.`,
      {
        hint: "npm install -g bulkhead@latest",
        detail: { path },
      },
    );
  }
  const bytes = await read(manifestName);
  const [sha256] = new TextDecoder().decode(await read(checksumName)).split(" ");
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw damaged(path, "its manifest was changed");
  return parseManifest(new TextDecoder().decode(bytes), path);
}

function damaged(path: string, why: string): ToolError {
  return new ToolError("BACKUP_DAMAGED", `${path} cannot be restored: ${why}.`, {
    hint: "Nothing was changed. Take another copy of the file.",
    detail: { path },
  });
}
