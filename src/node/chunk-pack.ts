/** A chunk of the bundle as ASCII text, and V8's compiled code of it. */
export interface PackedChunk {
  readonly source: Buffer;
  readonly code: Buffer;
}

/** V8 copies compiled code that does not start at a multiple of it. */
const ALIGNMENT = 8;
const PREFIX = 8;

/**
 * One file of several chunks: a block, all sources, the same block again. The block holds its own length and that of its
 * list (two 32-bit numbers), the list `[name, length of source, length of code][]` as JSON, and the code.
 */
export function packChunks(chunks: ReadonlyMap<string, PackedChunk>): Buffer {
  const list = Buffer.from(
    JSON.stringify([...chunks].map(([name, { source, code }]) => [name, source.length, code.length])),
  );
  const parts = [list, ...[...chunks.values()].map(({ code }) => code)].flatMap((part) => [part, padding(part.length)]);
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.length, PREFIX),
    0,
  );
  prefix.writeUInt32LE(list.length, 4);
  const block = [prefix, ...parts];
  return Buffer.concat([...block, ...[...chunks.values()].map(({ source }) => source), ...block]);
}

/**
 * The chunks of a packed file; undefined when a byte of it is missing, or one of a block is wrong. V8 does not look whether
 * compiled code is damaged, and would crash. To compare two copies takes less time than Node takes to load its checksums.
 */
export function unpackChunks(bytes: Buffer): Map<string, PackedChunk> | undefined {
  const length = bytes.readUInt32LE(0);
  const block = bytes.subarray(0, length);
  if (block.length < length || !block.equals(bytes.subarray(-length))) return undefined;
  const listEnd = PREFIX + block.readUInt32LE(4);
  const list = JSON.parse(block.toString("latin1", PREFIX, listEnd)) as [string, number, number][];
  const chunks = new Map<string, PackedChunk>();
  let code = aligned(listEnd);
  let source = length;
  for (const [name, sourceLength, codeLength] of list) {
    chunks.set(name, {
      source: bytes.subarray(source, source + sourceLength),
      code: block.subarray(code, code + codeLength),
    });
    source += sourceLength;
    code = aligned(code + codeLength);
  }
  return source + length === bytes.length ? chunks : undefined;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function padding(length: number): Buffer {
  return Buffer.alloc(aligned(length) - length);
}
