import type { SqlRow } from "../ports/sql.ts";
import { summaryQuery } from "./database-summary.ts";

/** Schemas that are nobody's but PostgreSQL's. */
const OWN_SCHEMA = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/** What an extension made comes and goes with it. */
const notOfExtension = (catalog: string, oid: string) =>
  `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;

const object = (owner: string, name: string) =>
  `n.nspname::text as schema, ${name}::text as name, pg_get_userbyid(${owner})::text as owner`;

/** One query for each kind of object; all of them read PostgreSQL's catalogs only and wait for no lock. PostgreSQL 10-18. */
const queries = {
  summary: summaryQuery({ of: "current", measured: true }),

  schemas: `select n.nspname::text as name, pg_get_userbyid(n.nspowner)::text as owner
    from pg_namespace n where ${OWN_SCHEMA} order by 1`,

  /** One array a table instead of a row a column: a database may have 10,000 tables. */
  tables: `select c.oid::text, ${object("c.relowner", "c.relname")}, c.reltuples::float8 as tuples, c.relpages as pages,
      case when c.relkind <> 'f' then (c.relpages + coalesce(toast.relpages, 0) + coalesce(i.pages, 0))::float8
        * current_setting('block_size')::float8 end as estimated_bytes,
      (select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      i.names as indexes,
      (select json_agg(json_build_array(k.conname, k.contype, k.confdeltype) order by k.conname)
        from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'f', 'p', 'u', 'x')) as constraints
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_class toast on toast.oid = c.reltoastrelid
    cross join lateral (select json_agg(o.relname order by o.relname) as names, sum(o.relpages) as pages
      from pg_index x join pg_class o on o.oid = x.indexrelid where x.indrelid = c.oid) i
    where c.relkind in ('r', 'p', 'f') and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}
    order by 2, 3`,

  views: `select ${object("c.relowner", "c.relname")}
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")} order by 1, 2`,

  sequences: `select ${object("c.relowner", "c.relname")}, tn.nspname::text as table_schema, t.relname::text as table_name,
      a.attname::text as table_column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
      and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    left join pg_class t on t.oid = d.refobjid
    left join pg_namespace tn on tn.oid = t.relnamespace
    left join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    where c.relkind = 'S' and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")} order by 1, 2`,

  routines: `select ${object("p.proowner", "p.proname")}
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where ${OWN_SCHEMA} and ${notOfExtension("pg_proc", "p.oid")} order by 1, 2`,

  triggers: `select n.nspname::text as schema, c.relname::text as table, g.tgname::text as name
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not g.tgisinternal and ${OWN_SCHEMA} order by 1, 2, 3`,

  types: `select ${object("t.typowner", "t.typname")}
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
    where (t.typtype in ('e', 'd', 'r') or c.relkind = 'c') and ${OWN_SCHEMA} and ${notOfExtension("pg_type", "t.oid")}
    order by 1, 2`,

  extensions: `select e.extname::text as name, e.extversion::text as version, n.nspname::text as schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql' order by 1`,

  largeObjects: "select count(*)::float8 as count from pg_largeobject_metadata",

  searchPaths: `select substring(entry from length('search_path=') + 1) as path
    from pg_db_role_setting s cross join lateral unnest(s.setconfig) as entry
    where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
      and entry like 'search_path=%'`,

  sessions: `select pid, usename::text as role, application_name::text as application, host(client_addr) as address,
      state::text as state
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
} as const;

/** What the catalogs tell, by kind: rows in the order of its query. */
export type CatalogRows = Readonly<Record<keyof typeof queries, readonly SqlRow[]>>;

/** All kinds in one statement, one row with an array of rows for each kind: a round trip for each would take longer. */
export const catalogQuery = `select ${Object.entries(queries)
  .map(([kind, query]) => `(select coalesce(json_agg(one), '[]') from (${query}) one) as "${kind}"`)
  .join(", ")}`;
