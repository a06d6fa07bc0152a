import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
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
import { packChunks, unpackChunks, type PackedChunk } from "./chunk-pack.ts";

export interface ChunkLoader {
  /** Runs the chunk of this name and those it needs, each once, and gives what it exports. */
  load(name: string): unknown;
  /** Keeps what was loaded with its compiled code, unless all of it came from there. Never throws. */
  save(): void;
}

interface Chunk {
  readonly source: Buffer;
  readonly script: Script;
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
 * Node has its own. What one command needs lies in one file: to open a file costs more than to read it.
 *
 * Kept chunks are used only when they are whole, of this build, version of Node and architecture (directory), accepted by
 * V8 (its flags), and in a file that is ours and that nobody else can write. Everything else, a directory that cannot be
 * written included, only costs time.
 *
 * @param directory absolute, of the chunks
 * @param build a name that no other build of the chunks has
 * @param command what is kept together: a file's name
 * @param cache absolute, where it is kept; undefined: nowhere
 * @param requirePackage gives Node's own modules and packages
 */
export function createChunkLoader(
  {
    directory,
    build,
    command,
    cache,
  }: { directory: string; build: string; command: string; cache: string | undefined },
  requirePackage: (specifier: string) => unknown,
): ChunkLoader {
  const chunks = new Map<string, Chunk>();
  const builds = cache === undefined ? undefined : join(cache, "code");
  const home = builds === undefined ? undefined : join(builds, `${build}-${process.version}-${process.arch}`);
  const kept = (home === undefined ? undefined : readKept(join(home, command))) ?? new Map<string, PackedChunk>();
  let isComplete = true;

  function load(name: string): unknown {
    const known = chunks.get(name);
    if (known !== undefined) return known.module.exports;
    const path = join(directory, name);
    const { source, code: cachedData } = kept.get(name) ?? { source: readFileSync(path) };
    // The build writes ASCII only, which V8 keeps as it is.
    const text = source.toString("latin1");
    const script = new Script(text, { filename: path, ...(cachedData === undefined ? {} : { cachedData }) });
    isComplete &&= cachedData !== undefined && script.cachedDataRejected !== true;
    const module: ChunkModule = {
      exports: {},
      path: directory,
      get url() {
        return pathToFileURL(path).href;
      },
    };
    chunks.set(name, { source, script, module });
    const run = script.runInThisContext() as (...args: unknown[]) => void;
    run(module.exports, requireFrom, module);
    return module.exports;
  }

  function requireFrom(specifier: string): unknown {
    return specifier.startsWith("./") ? load(specifier.slice(2)) : requirePackage(specifier);
  }

  function save(): void {
    if (builds === undefined || home === undefined || isComplete) return;
    try {
      if (!existsSync(home)) {
        removeUnused(builds);
        makeReadableDirectory(builds);
        mkdirSync(home, { recursive: true, mode: 0o700 });
      }
      for (const [name, { source, script }] of chunks) {
        const code = script.createCachedData();
        // Functions that this run did not need are still in what was kept, unless V8 dropped them meanwhile.
        if (code.length > (kept.get(name)?.code.length ?? 0)) kept.set(name, { source, code });
      }
      writeKept(join(home, command), packChunks(kept));
    } catch {
      // Next time everything is compiled again.
    }
  }

  return { load, save };
}

function readKept(path: string): Map<string, PackedChunk> | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const { uid, mode } = fstatSync(descriptor);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) return undefined;
    return unpackChunks(readFileSync(descriptor));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whole or not at all, also after a loss of power: another process may be reading, or writing the same. */
function writeKept(path: string, bytes: Buffer): void {
  const partial = `${path}.${process.pid}`;
  try {
    const descriptor = openSync(partial, "wx", 0o600);
    try {
      writeFileSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
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
