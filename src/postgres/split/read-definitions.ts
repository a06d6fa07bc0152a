import type { SqlSession } from "../../ports/sql.ts";

/** What a database is besides its rows: one line for each column, constraint, index, trigger, sequence, view, routine, type. */
export interface Definition {
  /** `schema.name`, as they are kept, of the table, view, sequence, routine or type it belongs to. */
  readonly of: string;
  /** `column id`, `index runs_pkey`, `sequence`. */
  readonly what: string;
  readonly text: string;
}

/** Every definition of the session's database, with the sequences' values. Names are written out, whatever the path. */
export async function readDefinitions(session: SqlSession): Promise<readonly Definition[]> {
  await session.query("SET search_path = pg_catalog");
  const rows = [...(await session.query(definitionsQuery))];
  const [counted] = await session.query(`SELECT count(*)::int AS n FROM pg_sequence`);
  for (let from = 0; from < Number(counted?.["n"]); from += sequencesAtOnce) {
    rows.push(...(await session.query(sequencesQuery, [sequencesAtOnce, from])));
  }
  return rows.map((row) => ({ of: String(row["of"]), what: String(row["what"]), text: String(row["text"]) }));
}

/** Reading a sequence locks it until the statement ends. */
const sequencesAtOnce = 500;

const ours = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

const definitionsQuery = `
WITH relation AS MATERIALIZED (
  SELECT c.oid, c.relkind, n.nspname || '.' || c.relname AS of
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${ours} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
)
SELECT r.of, 'column ' || a.attname AS what, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    (SELECT 'collate ' || l.collname FROM pg_collation l JOIN pg_type t ON t.oid = a.atttypid
      WHERE l.oid = a.attcollation AND l.oid <> t.typcollation),
    CASE WHEN a.attnotnull THEN 'not null' END, nullif('identity ' || a.attidentity::text, 'identity '),
    nullif('generated ' || a.attgenerated::text, 'generated '), 'default ' || pg_get_expr(d.adbin, d.adrelid)) AS text
FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
UNION ALL SELECT r.of, 'constraint ' || c.conname, pg_get_constraintdef(c.oid) FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
UNION ALL SELECT r.of, 'index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid) FROM relation r JOIN pg_index i ON i.indrelid = r.oid
UNION ALL SELECT r.of, 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
UNION ALL SELECT r.of, 'rule ' || w.rulename, pg_get_ruledef(w.oid) FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
UNION ALL SELECT n.nspname || '.' || p.proname, 'routine ' || p.oid::regprocedure,
  CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${ours}
UNION ALL SELECT n.nspname || '.' || t.typname, 'type', coalesce(
  (SELECT 'enum ' || string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
  format_type(t.typbasetype, t.typtypmod))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${ours} AND t.typtype IN ('e', 'd')`;

/** The value is read from the sequence itself: pg_sequences shows none of a sequence nobody may read. */
const sequencesQuery = `
SELECT coalesce(tn.nspname || '.' || tc.relname, n.nspname || '.' || c.relname) AS of,
  'sequence ' || n.nspname || '.' || c.relname AS what,
  concat_ws(' ', (xpath('/row/v/text()', query_to_xml(format('SELECT last_value || '' '' || is_called AS v FROM %I.%I',
    n.nspname, c.relname), false, true, '')))[1]::text,
    s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle) AS text
FROM (SELECT * FROM pg_sequence ORDER BY seqrelid LIMIT $1 OFFSET $2) s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
  AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class tc ON tc.oid = d.refobjid LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE ${ours}`;
