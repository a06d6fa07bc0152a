import type { Ports } from "../ports/ports.ts";

const lookEveryMs = 200;

/**
 * New lines of growing files, until aborted. A file that got shorter was rotated: the new one is read from its start.
 * Looks at sizes, because events of the file system differ between platforms and miss network mounts.
 */
export async function* followFile(
  io: Pick<Ports, "files" | "clock">,
  followed: readonly { readonly service: string; readonly path: string; readonly from: number }[],
  signal: AbortSignal,
): AsyncGenerator<{ service: string; line: string }, void, undefined> {
  const state = followed.map((one) => ({ ...one, at: one.from, rest: "" }));
  while (!signal.aborted) {
    for (const file of state) {
      const size = (await io.files.stat(file.path))?.size ?? 0;
      if (size === file.at) continue;
      if (size < file.at) {
        file.at = 0;
        file.rest = "";
      }
      const bytes = await io.files.readBytes(file.path);
      const lines = (file.rest + new TextDecoder().decode(bytes.subarray(file.at))).split("\n");
      file.at = bytes.length;
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
