import type { SqlSession } from "../ports/sql.ts";

/** A foreign key: rows of `child` name rows of `parent`. */
export interface ForeignKey {
  readonly child: string;
  readonly childColumns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

/** The foreign keys of the schemas a session sees. Those that set null leave their rows alone and are left out. */
async function loadForeignKeys(session: SqlSession): Promise<readonly ForeignKey[]> {
  const rows = await session.query(
    `select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
            (select json_agg(a.attname order by k.n) from unnest(c.conkey) with ordinality k(num, n)
               join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num) as child_columns,
            (select json_agg(a.attname order by k.n) from unnest(c.confkey) with ordinality k(num, n)
               join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num) as parent_columns
       from pg_constraint c join pg_namespace n on n.oid = c.connamespace
      where c.contype = 'f' and c.confdeltype <> 'n' and n.nspname = any (current_schemas(false))`,
  );
  return rows.map((row) => ({
    child: String(row["child"]),
    parent: String(row["parent"]),
    childColumns: row["child_columns"] as string[],
    parentColumns: row["parent_columns"] as string[],
  }));
}

/**
 * The statements that delete the rows of `table` for which `condition` holds, after all rows that depend on them. Pure;
 * `condition` is SQL on the table's own columns.
 */
export function planDeletion(keys: readonly ForeignKey[], table: string, condition: string): readonly string[] {
  return plan(keys, table, condition, [table]);
}

function plan(keys: readonly ForeignKey[], table: string, condition: string, path: readonly string[]): string[] {
  const dependents = keys
    .filter((key) => key.parent === table && !path.includes(key.child))
    .flatMap((key) => {
      const columns = key.childColumns.map(quote).join(", ");
      const parents = `select ${key.parentColumns.map(quote).join(", ")} from ${table} where ${condition}`;
      return plan(keys, key.child, `(${columns}) in (${parents})`, [...path, key.child]);
    });
  return [...dependents, `delete from ${table} where ${condition}`];
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Deletes rows with all that depend on them in one transaction, which waits for no lock longer than 5 s. */
export async function deleteRows(
  session: SqlSession,
  deletions: readonly { readonly table: string; readonly condition: string }[],
): Promise<void> {
  if (deletions.length === 0) return;
  const keys = await loadForeignKeys(session);
  await session.query("begin");
  try {
    await session.query("set local lock_timeout = '5s'");
    for (const { table, condition } of deletions) {
      for (const statement of planDeletion(keys, table, condition)) await session.query(statement);
    }
    await session.query("commit");
  } catch (error) {
    await session.query("rollback");
    throw error;
  }
}
