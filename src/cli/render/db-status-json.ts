import type { DatabaseStatus, DbStatusResult } from "../../actions/db-status.ts";
import type { AppShare } from "../../postgres/database-verdict.ts";
import type { TablePicture } from "../../postgres/database-picture.ts";

/** The payload of `db status --json`: docs/schema/db-status.schema.json. */
export function dbStatusJson({ servers, databases }: DbStatusResult): Readonly<Record<string, unknown>> {
  return {
    servers,
    databases: databases.map(databaseJson),
  };
}

function databaseJson({ server, picture, verdict }: DatabaseStatus): Readonly<Record<string, unknown>> {
  const { shares, strangers, state, certain, isFaulty, fact, because, printed, next, refusal } = verdict;
  const { name, owner, encoding, collation, bytes, comment, schemas, views, routines, triggers, types } = picture;
  const owners = new Map(shares.flatMap((share) => share.tables.map((table) => [keyOf(table), share.owner])));
  return {
    server,
    name,
    state,
    certain,
    isFaulty,
    fact,
    because,
    printed: printed ?? null,
    next,
    refusal: refusal ?? null,
    owner,
    encoding,
    collation,
    bytes: bytes ?? null,
    comment: comment ?? null,
    apps: shares.map((share) => appJson(share, picture.tables)),
    versionRows: picture.versionTables.map((table) => ({
      schema: table.schema,
      table: table.name,
      rows: table.rows,
      unreadable: table.unreadable ?? null,
    })),
    tables: picture.tables.map((table) => ({
      schema: table.schema,
      name: table.name,
      app: owners.get(keyOf(table)) ?? null,
      owner: table.owner,
      bytes: table.bytes,
      rows: table.rows ?? null,
      estimatedRows: table.estimatedRows ?? null,
    })),
    strangers: strangers.map((table) => ({ schema: table.schema, name: table.name, tells: table.tells ?? null })),
    schemas,
    views,
    routines,
    triggers,
    types,
    extensions: picture.extensions,
    orphanSequences: picture.sequences.flatMap(({ ownedBy, ...sequence }) => (ownedBy === undefined ? [sequence] : [])),
    largeObjects: picture.largeObjects,
    sessions: picture.sessions.map(({ pid, role, application, address, state: doing }) => ({
      pid,
      role,
      application,
      address: address ?? null,
      state: doing ?? null,
    })),
  };
}

function appJson(share: AppShare, tables: readonly TablePicture[]): Readonly<Record<string, unknown>> {
  const own = new Set(share.tables.map(keyOf));
  const { versionTable, recorded, fingerprint, alsoFits, outOfOrder, release } = share.revision;
  return {
    app: share.owner,
    schema: share.schema,
    release: release ?? null,
    isSkeleton: share.isSkeleton,
    tables: share.tables.length,
    bytes: tables.filter((table) => own.has(keyOf(table))).reduce((sum, table) => sum + table.bytes, 0),
    revision: { versionTable, recorded, fingerprint: fingerprint ?? null, alsoFits, outOfOrder },
  };
}

function keyOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name]);
}
