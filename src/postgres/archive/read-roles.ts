import type { SqlSession } from "../../ports/sql.ts";
import { quoteName, quoteText } from "../quote-sql.ts";
import { renderSetting } from "../split/render-properties.ts";

/** A role of a server, without its password. JSON. */
export interface BackedUpRole {
  readonly name: string;
  /** As `CREATE ROLE` takes them: `SUPERUSER`, `NOCREATEDB`, `LOGIN`, ... */
  readonly attributes: readonly string[];
  readonly connectionLimit: number;
  readonly validUntil: string | null;
  /** Roles it is a member of. */
  readonly memberOf: readonly string[];
  /** `ALTER ROLE .. SET`, for every database. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

const query = `
SELECT r.rolname AS name,
  ARRAY[CASE WHEN rolsuper THEN '' ELSE 'NO' END || 'SUPERUSER', CASE WHEN rolinherit THEN '' ELSE 'NO' END || 'INHERIT',
    CASE WHEN rolcreaterole THEN '' ELSE 'NO' END || 'CREATEROLE', CASE WHEN rolcreatedb THEN '' ELSE 'NO' END || 'CREATEDB',
    CASE WHEN rolcanlogin THEN '' ELSE 'NO' END || 'LOGIN', CASE WHEN rolreplication THEN '' ELSE 'NO' END || 'REPLICATION',
    CASE WHEN rolbypassrls THEN '' ELSE 'NO' END || 'BYPASSRLS'] AS attributes,
  rolconnlimit AS connection_limit, rolvaliduntil::text AS valid_until,
  ARRAY(SELECT pg_get_userbyid(m.roleid)::text FROM pg_auth_members m WHERE m.member = r.oid ORDER BY 1) AS member_of,
  (SELECT coalesce(json_agg(json_build_object('name', split_part(c.line, '=', 1),
    'value', substr(c.line, strpos(c.line, '=') + 1)) ORDER BY c.place), '[]')
    FROM pg_db_role_setting s, unnest(s.setconfig) WITH ORDINALITY AS c (line, place)
    WHERE s.setdatabase = 0 AND s.setrole = r.oid) AS settings
FROM pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY 1`;

/** Every role that is not PostgreSQL's own. `pg_roles` shows no password to anybody. */
export async function readRoles(session: SqlSession): Promise<readonly BackedUpRole[]> {
  return (await session.query(query)).map((row) => ({
    name: String(row["name"]),
    attributes: row["attributes"] as readonly string[],
    connectionLimit: Number(row["connection_limit"]),
    validUntil: (row["valid_until"] as string | null) ?? null,
    memberOf: row["member_of"] as readonly string[],
    settings: row["settings"] as BackedUpRole["settings"],
  }));
}

/** Statements that make a role and what it may; a role it is a member of has to be there. */
export function renderRole(role: BackedUpRole): readonly string[] {
  const name = quoteName(role.name);
  const until = role.validUntil === null ? "" : ` VALID UNTIL ${quoteText(role.validUntil)}`;
  return [
    `CREATE ROLE ${name} WITH ${role.attributes.join(" ")} CONNECTION LIMIT ${role.connectionLimit}${until}`,
    ...role.settings.map((setting) => renderSetting(`ROLE ${name}`, setting)),
  ];
}
