import type { SqlSession } from "../../ports/sql.ts";
import type { DatabaseGrant, DatabaseSetting } from "../split/split-facts.ts";

/** What belongs to a database and not to its content: a dump of it carries none of this. JSON. */
export interface DatabaseProperties {
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly locale: DatabaseLocale;
  readonly connectionLimit: number;
  readonly comment: string | null;
  /** Null: the default, which lets everybody connect. */
  readonly grants: readonly DatabaseGrant[] | null;
  readonly settings: readonly DatabaseSetting[];
  /** Everybody may create in `public`: the default before 15, and in a dump it is told only where it is none. */
  readonly isPublicOpen: boolean;
}

export interface DatabaseLocale {
  /** `libc` on servers before 15. */
  readonly provider: "libc" | "icu" | "builtin";
  readonly collation: string;
  readonly characters: string;
  /** What an ICU or built-in provider goes by. */
  readonly name: string | null;
}

/** The columns that only newer majors have are read from the row as JSON: 15 has `daticulocale`, 17 `datlocale`. */
const query = `
SELECT d.datname AS name, pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding,
  CASE r.line ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
  d.datcollate AS collation, d.datctype AS characters,
  coalesce(r.line ->> 'datlocale', r.line ->> 'daticulocale') AS locale,
  d.datconnlimit AS connection_limit, shobj_description(d.oid, 'pg_database') AS comment,
  CASE WHEN d.datacl IS NOT NULL THEN (SELECT coalesce(json_agg(json_build_object('role', CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END,
    'privilege', a.privilege_type, 'grantable', a.is_grantable) ORDER BY a.grantee, a.privilege_type), '[]')
    FROM aclexplode(d.datacl) a) END AS grants,
  (SELECT coalesce(json_agg(json_build_object('role', CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END,
    'name', split_part(c.line, '=', 1), 'value', substr(c.line, strpos(c.line, '=') + 1)) ORDER BY s.setrole, c.place), '[]')
    FROM pg_db_role_setting s, unnest(s.setconfig) WITH ORDINALITY AS c (line, place) WHERE s.setdatabase = d.oid) AS settings,
  coalesce((SELECT bool_or(a.grantee = 0 AND a.privilege_type = 'CREATE')
    FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a WHERE n.nspname = 'public'), false)
    AS is_public_open
FROM pg_database d, to_jsonb(d) AS r (line) WHERE d.datname = current_database()`;

type NullableRole<T> = Omit<T, "role"> & { readonly role: string | null };

/** Reads them of the database that the session is in. */
export async function readDatabaseProperties(session: SqlSession): Promise<DatabaseProperties> {
  const [row = {}] = await session.query(query);
  const text = (name: string): string => String(row[name]);
  const orNull = (name: string): string | null => (row[name] === null ? null : text(name));
  return {
    name: text("name"),
    owner: text("owner"),
    encoding: text("encoding"),
    locale: {
      provider: text("provider") as DatabaseLocale["provider"],
      collation: text("collation"),
      characters: text("characters"),
      name: orNull("locale"),
    },
    connectionLimit: Number(row["connection_limit"]),
    comment: orNull("comment"),
    grants: row["grants"] === null ? null : withoutNull(row["grants"] as readonly NullableRole<DatabaseGrant>[]),
    settings: withoutNull(row["settings"] as readonly NullableRole<DatabaseSetting>[]),
    isPublicOpen: row["is_public_open"] === true,
  };
}

function withoutNull<T extends { readonly role: string | null }>(
  rows: readonly T[],
): (Omit<T, "role"> & { readonly role: string | undefined })[] {
  return rows.map((row) => ({ ...row, role: row.role ?? undefined }));
}
