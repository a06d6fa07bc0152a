import { ToolError } from "../../core/tool-error.ts";
import type { TableChecksum } from "../checksum-tables.ts";
import type { RelationName } from "../database-picture.ts";
import type { DatabaseProperties } from "./database-properties.ts";
import type { BackedUpRole } from "./read-roles.ts";

/** `manifest.json` of a backup: what is in the file, and what its content has to be like. Format 1. Holds no password. */
export interface BackupManifest {
  readonly format: 1;
  /** The Bulkhead that wrote it. */
  readonly bulkhead: string;
  /** ISO 8601. */
  readonly created: string;
  /** The Compose project; null for a server that was named by URL. */
  readonly project: string | null;
  readonly servers: readonly BackedUpServer[];
  /** Every file of the archive but the manifest. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

export interface BackedUpServer {
  /** The service, or `host:port`. */
  readonly server: string;
  /** `server_version_num`: 170010. */
  readonly version: number;
  /** Of the client programs that dumped: an older pg_restore cannot read it. */
  readonly clients: number;
  readonly roles: readonly BackedUpRole[];
  readonly databases: readonly BackedUpDatabase[];
}

export interface BackedUpDatabase extends DatabaseProperties {
  /** Where its dump lies in the archive: `databases/1`. */
  readonly directory: string;
  /** The applications that keep their state in it. */
  readonly apps: readonly { readonly id: string; readonly product: string; readonly version: string }[];
  /** Every `alembic_version*` with its rows. */
  readonly versionTables: readonly (RelationName & { readonly rows: readonly string[] })[];
  /** Its size on the server. */
  readonly bytes: number;
  /** Each table's content in the dump's own snapshot. */
  readonly tables: readonly (TableChecksum & { readonly bytes: number })[];
}

/** The manifest's text read. ToolError STATE_FORMAT for another format than 1 or a text that is no manifest. */
export function parseManifest(text: string, path: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { format, servers, files } = (value ?? {}) as Partial<Record<keyof BackupManifest, unknown>>;
  if (format !== 1 || !Array.isArray(servers) || !Array.isArray(files)) {
    throw new ToolError(
      "STATE_FORMAT",
      `${path} is a backup of format ${String(format)}; this Bulkhead reads format 1.`,
      {
        hint: "npm install -g bulkhead@latest",
        detail: { path, format },
      },
    );
  }
  return value as BackupManifest;
}
