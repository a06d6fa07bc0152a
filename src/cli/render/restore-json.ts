import type { DbRestoreResult } from "../../actions/db-restore.ts";

/** The payload of `db restore --json`. */
export function restoreJson(result: DbRestoreResult): Readonly<Record<string, unknown>> {
  const { file, created, databases, roles } = result;
  return {
    file,
    created,
    databases: databases.map(({ server, name, tables, rows, aside }) => ({ server, name, tables, rows, aside })),
    roles,
  };
}
