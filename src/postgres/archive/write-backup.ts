import { basename, dirname, join } from "node:path";

import type { Emit } from "../../core/event.ts";
import type { Ports } from "../../ports/ports.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import { singleDump, unfinishedEnding } from "./archive-names.ts";
import { assertMayRestore } from "./assert-may-restore.ts";
import { backUpDatabase } from "./back-up-database.ts";
import type { BackedUpDatabase, BackedUpServer, BackupManifest } from "./backup-manifest.ts";
import { quoteName } from "../quote-sql.ts";
import { checkDump } from "./check-dump.ts";
import { jobsFor } from "./jobs-for.ts";
import { readRoles, renderRole } from "./read-roles.ts";
import { removeScratch, restoreToScratch } from "./restore-to-scratch.ts";
import { progressText } from "./progress-text.ts";
import { createArchive, type ArchiveWriter } from "./write-archive.ts";

/** A server and what of it is backed up. */
export interface BackupSource {
  readonly access: ServerAccess;
  readonly databases: readonly SourceDatabase[];
}

interface SourceDatabase {
  readonly name: string;
  readonly apps: BackedUpDatabase["apps"];
  /** Lets nobody in (`ALLOW_CONNECTIONS false`, as a split leaves the original): it is opened while it is dumped. */
  readonly isClosed: boolean;
}

export interface BackupRequest {
  /** Absolute; must not exist. */
  readonly path: string;
  readonly project: string | null;
  readonly version: string;
  readonly sources: readonly BackupSource[];
  /** Restore each dump into a database of its own, compare, and drop it. */
  readonly verify: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface BackupSummary {
  readonly path: string;
  readonly bytes: number;
  readonly servers: readonly BackedUpServer[];
}

/**
 * Writes a backup of databases into one file (see write-archive.ts), each consistent in itself. Nothing is left of it when it
 * fails. Throws as its parts do: FILE_EXISTS, DISK_FULL, POSTGRES_FAILED, POSTGRES_UNREACHABLE, BACKUP_DAMAGED.
 */
export async function writeBackup(
  io: Pick<Ports, "files" | "clock" | "host">,
  request: BackupRequest,
): Promise<BackupSummary> {
  const { path, signal } = request;
  const pieces = join(dirname(path), `.${basename(path)}${unfinishedEnding}.d`);
  await io.files.remove(pieces);
  const created = io.clock.now();
  const archive = await createArchive(io.files, path, { mtimeSeconds: Math.floor(created / 1000) });
  try {
    await io.files.makeDirectory(pieces, { mode: 0o700 });
    const servers: BackedUpServer[] = [];
    let count = 0;
    for (const source of request.sources) {
      const databases: BackedUpDatabase[] = [];
      const { roles, version } = await readServer(source.access, request);
      for (const { name, apps, isClosed } of source.databases) {
        count += 1;
        const directory = `databases/${count}`;
        const wanted = { source, name, piece: join(pieces, String(count)), directory, archive };
        const add = () => addDatabase(io, request, wanted);
        const database = await (isClosed ? whileOpen(source.access, name, signal, add) : add());
        databases.push({ ...database, directory, apps });
      }
      await archive.addText(`roles/${servers.length + 1}.sql`, `${roles.flatMap(renderRole).join(";\n")};\n`);
      servers.push({ server: source.access.label, version, clients: version >= 170_000 ? 18 : 16, roles, databases });
    }
    const manifest: Omit<BackupManifest, "files"> = {
      format: 1,
      bulkhead: request.version,
      created: new Date(created).toISOString(),
      project: request.project,
      servers,
    };
    return { path, bytes: await archive.finish(manifest, signal), servers };
  } finally {
    await archive.discard();
    await io.files.remove(pieces);
  }
}

async function readServer(
  access: ServerAccess,
  { verify, signal }: BackupRequest,
): Promise<{ readonly roles: BackedUpServer["roles"]; readonly version: number }> {
  const session = await access.connect("postgres", signal);
  try {
    if (verify) await assertMayRestore(session, access.label, []);
    const [row] = await session.query("SELECT current_setting('server_version_num')::int AS version");
    return { roles: await readRoles(session), version: Number(row?.["version"]) };
  } finally {
    await session.close();
  }
}

async function whileOpen<T>(
  access: ServerAccess,
  name: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const allow = async (isAllowed: boolean, within: AbortSignal): Promise<void> => {
    const session = await access.connect("postgres", within);
    try {
      await session.query(`ALTER DATABASE ${quoteName(name)} ALLOW_CONNECTIONS ${String(isAllowed)}`);
    } finally {
      await session.close();
    }
  };
  await allow(true, signal);
  try {
    return await work();
  } finally {
    // Also when we were interrupted; a server that is gone says so to whoever asks it next.
    await allow(false, new AbortController().signal).catch(() => undefined);
  }
}

async function addDatabase(
  io: Pick<Ports, "files" | "clock" | "host">,
  request: BackupRequest,
  wanted: {
    readonly source: BackupSource;
    readonly name: string;
    /** Where its dump is made. */
    readonly piece: string;
    readonly directory: string;
    readonly archive: ArchiveWriter;
  },
): Promise<Omit<BackedUpDatabase, "apps" | "directory">> {
  const { source, name, piece, archive } = wanted;
  const { access } = source;
  const { emit, signal } = request;
  const id = `back up ${access.label}/${name}`;
  const since = io.clock.now();
  emit({ type: "step", id, outcome: "running" });
  const jobs = await jobsFor(access, name, io.host.cpus, signal);
  const database = await backUpDatabase({
    access,
    clock: io.clock,
    database: name,
    target: piece,
    jobs,
    signal,
    onProgress: (progress) => emit({ type: "step", id, outcome: "running", evidence: progressText(progress) }),
  });
  await checkDump(access, piece, database, signal);
  const seconds = (): number => (io.clock.now() - since) / 1000;
  if (request.verify)
    await verifyDump(io, request, { access, database: { ...database, directory: "", apps: [] }, piece, jobs });
  const isFile = (await io.files.stat(piece))?.kind === "file";
  for (const file of isFile ? [singleDump] : await io.files.list(piece)) {
    const from = isFile ? piece : join(piece, file);
    await archive.addFile(`${wanted.directory}/${file}`, from, signal);
    await io.files.remove(from);
  }
  emit({ type: "step", id, outcome: "ok", seconds: seconds() });
  return database;
}

async function verifyDump(
  io: Pick<Ports, "clock">,
  request: BackupRequest,
  made: {
    readonly access: ServerAccess;
    readonly database: BackedUpDatabase;
    readonly piece: string;
    readonly jobs: number;
  },
): Promise<void> {
  const { access, database } = made;
  const { emit, signal } = request;
  const id = `verify ${access.label}/${database.name}`;
  const since = io.clock.now();
  const scratch = `bulkhead_verify_${since.toString(36)}`;
  emit({ type: "step", id, outcome: "running" });
  await restoreToScratch({
    access,
    clock: io.clock,
    database,
    dump: made.piece,
    scratch,
    jobs: made.jobs,
    signal,
    onProgress: (progress) => emit({ type: "step", id, outcome: "running", evidence: progressText(progress) }),
  });
  await removeScratch(access, scratch);
  emit({ type: "step", id, outcome: "ok", seconds: (io.clock.now() - since) / 1000 });
}
