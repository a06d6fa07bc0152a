/**
 * The text of a file of unknown kind whose offsets, in UTF-8, are the file's: a byte order mark stays, and where the bytes
 * are no UTF-8 every byte beyond ASCII is U+001A (SUBSTITUTE), which is one byte as well. The usual U+FFFD is three.
 */
export function decodeInPlace(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.map((byte) => (byte < 0x80 ? byte : 0x1a)));
  }
}
