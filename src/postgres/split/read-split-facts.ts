import type { SqlRow, SqlSession } from "../../ports/sql.ts";
import type { DatabaseProperties, SplitFacts, SplitObject, SplitObjectKind } from "./split-facts.ts";

/** Reads, in one snapshot and without writing, what a split has to know of the database that the session is in. */
export async function readSplitFacts(session: SqlSession): Promise<SplitFacts> {
  await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    const [server] = await session.query(serverQuery);
    const [database] = await session.query(databaseQuery);
    const names = async (query: string): Promise<readonly string[]> =>
      (await session.query(query)).map((row) => String(row["name"]));
    return {
      ...readServer(server ?? {}),
      database: { ...readDatabase(database ?? {}), settings: readSettings(await session.query(settingsQuery)) },
      objects: (await session.query(objectsQuery)).map(readObject),
      schemas: (await session.query(schemasQuery)).map((row) => ({
        name: text(row, "name"),
        owner: text(row, "owner"),
      })),
      roles: (await session.query(rolesQuery)).map((row) => ({
        name: text(row, "name"),
        isSuperuser: row["is_superuser"] === true,
        mayLogin: row["may_login"] === true,
      })),
      databases: await names("SELECT datname AS name FROM pg_database ORDER BY 1"),
      largeObjects: Number((await session.query("SELECT count(*) AS n FROM pg_largeobject_metadata"))[0]?.["n"]),
      preparedTransactions: await names(
        "SELECT gid AS name FROM pg_prepared_xacts WHERE database = current_database() ORDER BY 1",
      ),
      logicalSlots: await names(
        "SELECT slot_name AS name FROM pg_replication_slots WHERE database = current_database() ORDER BY 1",
      ),
      subscriptions: await names(subscriptionsQuery),
    };
  } finally {
    await session.query("ROLLBACK");
  }
}

const serverQuery = `
SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS in_recovery,
  coalesce(current_setting('file_copy_method', true), '') = 'clone' AS clones,
  (SELECT CASE WHEN has_function_privilege('pg_control_system()', 'execute')
    THEN (SELECT system_identifier::text FROM pg_control_system()) END) AS system_identifier,
  r.rolname AS role, r.rolsuper AS is_superuser, r.rolsuper OR r.rolcreatedb AS may_create, r.rolsuper OR r.rolcreaterole AS may_create_roles,
  pg_has_role(d.datdba, 'USAGE') AS owns
FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`;

function readServer(row: SqlRow): Pick<SplitFacts, "server" | "self"> {
  const identifier = row["system_identifier"];
  return {
    server: {
      version: Number(row["version"]),
      systemIdentifier: typeof identifier === "string" ? identifier : undefined,
      inRecovery: row["in_recovery"] === true,
      clones: row["clones"] === true,
    },
    self: {
      role: text(row, "role"),
      isSuperuser: row["is_superuser"] === true,
      mayCreateDatabases: row["may_create"] === true,
      mayCreateRoles: row["may_create_roles"] === true,
      ownsDatabase: row["owns"] === true,
    },
  };
}

const databaseQuery = `
SELECT d.oid::int8 AS oid, d.datname AS name, pg_get_userbyid(d.datdba) AS owner, d.datallowconn AS allows,
  d.datconnlimit AS connection_limit, pg_database_size(d.oid)::int8 AS bytes, shobj_description(d.oid, 'pg_database') AS comment,
  CASE WHEN d.datacl IS NOT NULL THEN coalesce((SELECT json_agg(json_build_object(
    'role', CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END,
    'privilege', a.privilege_type, 'grantable', a.is_grantable) ORDER BY a.grantee, a.privilege_type)
  FROM aclexplode(d.datacl) a), '[]') END AS grants
FROM pg_database d WHERE d.datname = current_database()`;

function readDatabase(row: SqlRow): Omit<DatabaseProperties, "settings"> {
  const comment = row["comment"];
  const grants = row["grants"] as
    | readonly { readonly role: string | null; readonly privilege: string; readonly grantable: boolean }[]
    | null;
  return {
    oid: Number(row["oid"]),
    name: text(row, "name"),
    owner: text(row, "owner"),
    comment: typeof comment === "string" ? comment : undefined,
    allowsConnections: row["allows"] === true,
    connectionLimit: Number(row["connection_limit"]),
    bytes: Number(row["bytes"]),
    grants: grants?.map(({ role, privilege, grantable }) => ({ role: role ?? undefined, privilege, grantable })),
  };
}

const settingsQuery = `
SELECT CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END AS role, c.line AS line
FROM pg_db_role_setting s, unnest(s.setconfig) WITH ORDINALITY AS c(line, place)
WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY s.setrole, c.place`;

function readSettings(rows: readonly SqlRow[]): DatabaseProperties["settings"] {
  return rows.map((row) => {
    const line = text(row, "line");
    const at = line.indexOf("=");
    const role = row["role"];
    return { role: typeof role === "string" ? role : undefined, name: line.slice(0, at), value: line.slice(at + 1) };
  });
}

const schemasQuery = `
SELECT nspname AS name, pg_get_userbyid(nspowner) AS owner FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`;

const rolesQuery = `
SELECT rolname AS name, rolsuper AS is_superuser, rolcanlogin AS may_login FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1`;

/** The table of subscriptions is not everybody's to read: without its connection strings it is. */
const subscriptionsQuery = `
SELECT subname AS name FROM pg_subscription
WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1`;

/**
 * Every object that can be dropped by itself and is no extension's. `part` leads from what pg_depend names (a rule, a
 * default, a constraint, a trigger, an index, an owned sequence, a row type) to the object it is part of. The triggers of a
 * foreign key are left out: by them the table that is referred to would need the one that refers.
 */
const objectsQuery = `
WITH owned AS (
  SELECT d.objid, d.refobjid FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    AND d.refobjsubid > 0
), part AS MATERIALIZED (
  SELECT 'pg_class'::regclass::oid AS class, c.oid AS oid, 'c' || coalesce(i.indrelid, o.refobjid, c.oid) AS key
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN owned o ON o.objid = c.oid
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, 'c' || ev_class FROM pg_rewrite
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, 'c' || adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_trigger'::regclass, oid, 'c' || tgrelid FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'pg_policy'::regclass, oid, 'c' || polrelid FROM pg_policy
  UNION ALL SELECT 'pg_constraint'::regclass, oid,
    CASE WHEN conrelid <> 0 THEN 'c' || conrelid ELSE 't' || contypid END FROM pg_constraint
  UNION ALL SELECT 'pg_type'::regclass, t.oid,
    CASE WHEN coalesce(nullif(t.typrelid, 0), nullif(e.typrelid, 0)) IS NOT NULL
      THEN 'c' || coalesce(nullif(t.typrelid, 0), nullif(e.typrelid, 0)) ELSE 't' || coalesce(e.oid, t.oid) END
  FROM pg_type t LEFT JOIN pg_type e ON t.typcategory = 'A' AND e.oid = t.typelem
  UNION ALL SELECT 'pg_proc'::regclass, oid, 'p' || oid FROM pg_proc
), need AS (
  SELECT a.key, json_agg(DISTINCT b.key) AS needs FROM pg_depend d
  JOIN part a ON a.class = d.classid AND a.oid = d.objid
  JOIN part b ON b.class = d.refclassid AND b.oid = d.refobjid
  WHERE a.key <> b.key AND d.refobjid >= 16384 AND d.deptype IN ('n', 'a', 'i') GROUP BY a.key
), object AS (
  SELECT 'c' || c.oid AS key, 'pg_class'::regclass::oid AS class, c.oid AS oid, c.relnamespace AS schema, c.relname AS name,
    c.relowner AS owner, c.relacl AS acl, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
      WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END AS kind
  FROM pg_class c WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c') AND NOT EXISTS (SELECT FROM owned WHERE objid = c.oid)
  UNION ALL SELECT 'p' || oid, 'pg_proc'::regclass, oid, pronamespace, proname, proowner, proacl,
    CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END FROM pg_proc
  UNION ALL SELECT 't' || oid, 'pg_type'::regclass, oid, typnamespace, typname, typowner, typacl,
    CASE typtype WHEN 'd' THEN 'domain' ELSE 'type' END FROM pg_type WHERE typtype IN ('e', 'd', 'r')
)
SELECT o.key, o.kind, n.nspname AS schema, o.name, pg_get_userbyid(o.owner) AS owner,
  CASE WHEN o.class = 'pg_proc'::regclass THEN (pg_identify_object(o.class, o.oid, 0)).identity
    ELSE format('%I.%I', n.nspname, o.name) END AS identity,
  coalesce(need.needs, '[]') AS needs,
  coalesce((SELECT json_agg(DISTINCT pg_get_userbyid(a.grantee)) FROM aclexplode(o.acl) a
    WHERE a.grantee NOT IN (0, o.owner)), '[]') AS granted
FROM object o JOIN pg_namespace n ON n.oid = o.schema LEFT JOIN need ON need.key = o.key
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND o.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e')
ORDER BY n.nspname, o.name, o.key`;

function readObject(row: SqlRow): SplitObject {
  return {
    key: text(row, "key"),
    kind: text(row, "kind") as SplitObjectKind,
    schema: text(row, "schema"),
    name: text(row, "name"),
    identity: text(row, "identity"),
    owner: text(row, "owner"),
    needs: row["needs"] as readonly string[],
    granted: row["granted"] as readonly string[],
  };
}

function text(row: SqlRow, column: string): string {
  return String(row[column]);
}
