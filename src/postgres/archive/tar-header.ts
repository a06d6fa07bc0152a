/** Blocks of a tar file, headers included. */
export const tarBlock = 512;

/** One entry of a tar file as its header tells it. */
export interface TarEntry {
  /** At most 100 bytes of ASCII. */
  readonly name: string;
  readonly size: number;
}

/** The largest size that eleven octal digits hold: 8 GiB. */
const octalLimit = 8 ** 11;

/**
 * The header block of a regular file, mode 0600 (POSIX.1-1988 ustar). Sizes from 8 GiB on are written in base 256, as GNU
 * tar, bsdtar and Python read them.
 */
export function renderTarHeader({ name, size }: TarEntry, mtimeSeconds: number): Uint8Array {
  const block = new Uint8Array(tarBlock);
  const text = (at: number, value: string): void => block.set(new TextEncoder().encode(value), at);
  const octal = (at: number, length: number, value: number): void =>
    text(at, value.toString(8).padStart(length - 1, "0"));
  if (!/^[\x20-\x7e]{1,100}$/.test(name)) throw new Error(`no name for a tar entry: ${name}`);
  text(0, name);
  octal(100, 8, 0o600);
  octal(108, 8, 0);
  octal(116, 8, 0);
  if (size < octalLimit) octal(124, 12, size);
  else {
    block[124] = 0x80;
    new DataView(block.buffer).setBigUint64(128, BigInt(size));
  }
  octal(136, 12, mtimeSeconds);
  text(156, "0");
  text(257, "ustar\u000000");
  text(148, `${headerSum(block).toString(8).padStart(6, "0")}\u0000 `);
  return block;
}

/** The entry of a header block that `renderTarHeader` made; undefined for anything else, a damaged one too. */
export function parseTarHeader(block: Uint8Array): TarEntry | undefined {
  if (block.length !== tarBlock) return undefined;
  const text = (from: number, to: number): string =>
    new TextDecoder("latin1").decode(block.subarray(from, to)).replace(/\0.*$/s, "");
  if (text(257, 262) !== "ustar" || text(156, 157) !== "0") return undefined;
  if (Number.parseInt(text(148, 155), 8) !== headerSum(block)) return undefined;
  const view = new DataView(block.buffer, block.byteOffset, tarBlock);
  const size = block[124] === 0x80 ? Number(view.getBigUint64(128)) : Number.parseInt(text(124, 136), 8);
  return Number.isSafeInteger(size) && size >= 0 ? { name: text(0, 100), size } : undefined;
}

/** Bytes that fill the last block of a file. */
export function tarPadding(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

/** The sum of all bytes, the checksum's own eight counted as blanks. */
function headerSum(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
