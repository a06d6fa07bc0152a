import { isSqlFailure, type Sql, type SqlTarget } from "../ports/sql.ts";
import { judgeVersionRow } from "./judge-version-row.ts";
import { notYet, type ProbeOutcome } from "./probe-outcome.ts";

/** An Alembic history as the installed package holds it. */
export interface InstalledChain {
  readonly versionTable: string;
  readonly heads: readonly string[];
  readonly revisions: readonly string[];
}

/** What a version table holds, or why it could not be read. Missing table: no revisions. */
export async function readVersionRows(
  sql: Sql,
  target: SqlTarget,
  versionTable: string,
): Promise<{ readonly revisions: readonly string[]; readonly tables: number } | { readonly reason: string }> {
  const session = await sql.connect({ connectTimeoutMs: 3_000, ...target });
  if (isSqlFailure(session)) return { reason: session.reason };
  try {
    const [facts] = await session.query(
      "select to_regclass($1) is not null as present, (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname = any (current_schemas(false))) as tables",
      [versionTable],
    );
    const tables = Number(facts?.["tables"] ?? 0);
    if (facts?.["present"] !== true) return { revisions: [], tables };
    const rows = await session.query(`select version_num from ${versionTable} order by version_num`);
    return { revisions: rows.map((row) => String(row["version_num"])), tables };
  } finally {
    await session.close();
  }
}

/** The version row is the installed package's head; every other state is said with both revisions. */
export async function probeVersionRow(sql: Sql, target: SqlTarget, chain: InstalledChain): Promise<ProbeOutcome> {
  const found = await readVersionRows(sql, target, chain.versionTable);
  if ("reason" in found) return notYet(found.reason);
  return judgeVersionRow(found.revisions, chain);
}
