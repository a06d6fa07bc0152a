import type { Ports } from "../ports/ports.ts";

const lookEveryMs = 200;

/**
 * New lines of growing files, until aborted. A file that got shorter was rotated: what is left of the old one, then the
 * new one from its start. Looks at sizes, because events of the file system differ between platforms and miss network
 * mounts.
 */
export async function* followFile(
  io: Pick<Ports, "files" | "clock">,
  followed: readonly { readonly service: string; readonly path: string; readonly from: number }[],
  signal: AbortSignal,
): AsyncGenerator<{ service: string; line: string }, void, undefined> {
  const state = followed.map((one) => ({ ...one, at: one.from, decoder: new TextDecoder(), rest: "" }));
  while (!signal.aborted) {
    for (const file of state) {
      const size = (await io.files.stat(file.path))?.size ?? 0;
      if (size === file.at) continue;
      let text = file.rest;
      if (size < file.at) {
        const old = await readFrom(io, `${file.path}.1`, file.at);
        text += file.decoder.decode(old);
        if (text !== "" && !text.endsWith("\n")) text += "\n";
        file.at = 0;
        file.decoder = new TextDecoder();
      }
      const bytes = await readFrom(io, file.path, file.at);
      file.at += bytes.length;
      // A character may be half written: the decoder keeps its first bytes.
      const lines = (text + file.decoder.decode(bytes, { stream: true })).split("\n");
      file.rest = lines.pop() ?? "";
      for (const line of lines) yield { service: file.service, line };
    }
    try {
      await io.clock.sleep(lookEveryMs, signal);
    } catch {
      return;
    }
  }
}

/** Nothing when the file is missing, or shorter than that. */
async function readFrom(io: Pick<Ports, "files">, path: string, from: number): Promise<Uint8Array> {
  const size = (await io.files.stat(path))?.size ?? 0;
  return size > from ? io.files.readBytes(path, from) : new Uint8Array();
}
