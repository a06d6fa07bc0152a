import type { ProjectBackup } from "../../stack/back-up-databases.ts";

/** The payload of `db backup --json`. */
export function backupJson(backup: ProjectBackup, verified: boolean): Readonly<Record<string, unknown>> {
  const { archive, copies } = backup;
  return {
    file: archive?.path ?? null,
    bytes: archive?.bytes ?? null,
    verified: archive !== undefined && verified,
    databases: (archive?.servers ?? []).flatMap(({ server, databases }) =>
      databases.map(({ name, apps, tables, bytes, versionTables }) => ({
        server,
        name,
        apps: apps.map(({ id, version }) => ({ id, version })),
        revisions: versionTables.flatMap(({ rows }) => rows),
        tables: tables.length,
        rows: tables.reduce((sum, { rows }) => sum + rows, 0),
        bytes,
      })),
    ),
    copies,
  };
}
