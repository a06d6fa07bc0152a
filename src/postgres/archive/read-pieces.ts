import type { OpenFile } from "../../ports/files.ts";

const chunkBytes = 1024 * 1024;

/** A part of a file, piece by piece. Throws when the file ends before it. */
export async function* readPieces(
  file: OpenFile,
  from: number,
  bytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let done = 0; done < bytes;) {
    signal.throwIfAborted();
    const piece = await file.read(from + done, Math.min(chunkBytes, bytes - done));
    if (piece.length === 0) throw new Error("the file ends before it should");
    yield piece;
    done += piece.length;
  }
}
