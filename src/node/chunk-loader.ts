import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

export interface ChunkLoader {
  /** Runs the chunk of this name and those it needs, each once, and gives what it exports. */
  load(name: string): unknown;
  /** Keeps the compiled code of what was loaded, unless all of it came from there. Never throws. */
  save(): void;
}

interface Chunk {
  readonly script: Script;
  readonly sum: number;
  /** Bytes of the compiled code it was loaded from; 0: none. */
  readonly kept: number;
  readonly module: ChunkModule;
}

/** What a chunk knows as `module`; the build writes `module.url` for `import.meta.url`, `module.path` for its `dirname`. */
interface ChunkModule {
  exports: unknown;
  readonly path: string;
  readonly url: string;
}

/** Compiled code of builds that were not saved to for this long is removed. */
const UNUSED_DAYS = 30;

/**
 * Loads the bundle's CommonJS chunks with the machine code's next best: V8's compiled code, kept from an earlier run.
 * Compiling is most of what a short command does, and a bundle in the package cannot hold it, because every version of
 * Node has its own.
 *
 * Kept code is used only when it is whole (checksum), of this very source text (checksum), of this build, version of Node
 * and architecture (directory), accepted by V8 (its flags), and in a file that is ours and that nobody else can write.
 * Everything else, a directory that cannot be written included, only costs time.
 *
 * @param directory absolute, of the chunks
 * @param build a name that no other build of the chunks has
 * @param cache absolute, where compiled code is kept; undefined: nowhere
 * @param requirePackage gives Node's own modules and packages
 */
export function createChunkLoader(
  { directory, build, cache }: { directory: string; build: string; cache: string | undefined },
  requirePackage: (specifier: string) => unknown,
): ChunkLoader {
  const chunks = new Map<string, Chunk>();
  const builds = cache === undefined ? undefined : join(cache, "code");
  const kept = builds === undefined ? undefined : join(builds, `${build}-${process.version}-${process.arch}`);
  let isComplete = true;

  function load(name: string): unknown {
    const known = chunks.get(name);
    if (known !== undefined) return known.module.exports;
    const path = join(directory, name);
    const bytes = readFileSync(path);
    const sum = crc32(bytes);
    const cachedData = kept === undefined ? undefined : readKept(join(kept, name), sum);
    // The build writes ASCII only, which V8 keeps as it is.
    const source = bytes.toString("latin1");
    const script = new Script(source, { filename: path, ...(cachedData === undefined ? {} : { cachedData }) });
    const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
    isComplete &&= isKept;
    const module: ChunkModule = {
      exports: {},
      path: directory,
      get url() {
        return pathToFileURL(path).href;
      },
    };
    chunks.set(name, { script, sum, kept: isKept ? cachedData.length : 0, module });
    const run = script.runInThisContext() as (...args: unknown[]) => void;
    run(module.exports, requireFrom, module);
    return module.exports;
  }

  function requireFrom(specifier: string): unknown {
    return specifier.startsWith("./") ? load(specifier.slice(2)) : requirePackage(specifier);
  }

  function save(): void {
    if (builds === undefined || kept === undefined || isComplete) return;
    try {
      if (!existsSync(kept)) {
        removeUnused(builds);
        makeReadableDirectory(builds);
        mkdirSync(kept, { recursive: true, mode: 0o700 });
      }
      for (const [name, chunk] of chunks) {
        // Functions that this run did not need are still in what was kept, unless V8 dropped them meanwhile.
        const data = chunk.script.createCachedData();
        if (data.length > chunk.kept) writeKept(join(kept, name), data, chunk.sum);
      }
    } catch {
      // Next time everything is compiled again.
    }
  }

  return { load, save };
}

/** The compiled code of a source text with this checksum, or undefined. */
function readKept(path: string, sum: number): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const { uid, mode } = fstatSync(descriptor);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) return undefined;
    const bytes = readFileSync(descriptor);
    const data = bytes.subarray(0, -8);
    const isWhole = bytes.readUInt32LE(data.length) === crc32(data) && bytes.readUInt32LE(data.length + 4) === sum;
    return isWhole ? data : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whole or not at all: another process may be reading, or writing the same. */
function writeKept(path: string, data: Buffer, sum: number): void {
  const sums = Buffer.alloc(8);
  sums.writeUInt32LE(crc32(data), 0);
  sums.writeUInt32LE(sum, 4);
  const partial = `${path}.${process.pid}`;
  try {
    writeFileSync(partial, Buffer.concat([data, sums]), { flag: "wx", mode: 0o600 });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** The cache's own directories are open to the accounts that services run as, whatever the umask is. */
function makeReadableDirectory(path: string): void {
  if (existsSync(path)) return;
  makeReadableDirectory(dirname(path));
  mkdirSync(path);
  chmodSync(path, 0o755);
}

function removeUnused(builds: string): void {
  if (!existsSync(builds)) return;
  const oldest = Date.now() - UNUSED_DAYS * 24 * 60 * 60 * 1000;
  for (const name of readdirSync(builds)) {
    const path = join(builds, name);
    if (statSync(path).mtimeMs < oldest) rmSync(path, { recursive: true });
  }
}
