import { checksumTables } from "../../src/postgres/checksum-tables.ts";
import { readDefinitions } from "../../src/postgres/split/read-definitions.ts";
import type { TestServer } from "./test-server.ts";

/** Everything that can be told of a server's databases and roles, in an order of its own: equal for equal servers. */
export type ServerSnapshot = Readonly<Record<string, unknown>>;

/** `kept`: databases that are left out, besides PostgreSQL's own. Ids of plans are written as `ID`. */
export async function snapshotServer(server: TestServer, kept: readonly string[] = []): Promise<ServerSnapshot> {
  const databases = await server.query("postgres", databasesQuery);
  const snapshot: Record<string, unknown> = {
    roles: await server.query("postgres", rolesQuery),
    databases: databases.filter(({ name }) => !kept.includes(String(name))),
  };
  for (const { name, allows } of databases) {
    if (kept.includes(String(name)) || name === "postgres") continue;
    snapshot[String(name)] = allows === true ? await contentOf(server, String(name)) : "closed";
  }
  return JSON.parse(JSON.stringify(snapshot).replace(/split-\d{8}T\d{6}-[0-9a-f]{8}/g, "ID")) as ServerSnapshot;
}

async function contentOf(server: TestServer, database: string): Promise<unknown> {
  const session = await server.connect(database);
  try {
    const definitions = await readDefinitions(session);
    const tables = (await session.query(tablesQuery)) as unknown as readonly { schema: string; name: string }[];
    const checksums = await checksumTables([session], tables);
    return {
      definitions: definitions.map(({ of, what, text }) => `${of} ${what} ${text}`).toSorted(),
      rows: checksums.map(({ schema, name, rows, checksum }) => `${schema}.${name} ${rows} ${checksum}`),
      owners: await session.query(ownersQuery),
      largeObjects: await session.query(
        "SELECT oid::int8, pg_get_userbyid(lomowner) AS owner FROM pg_largeobject_metadata ORDER BY 1",
      ),
    };
  } finally {
    await session.close();
  }
}

const databasesQuery = `
SELECT d.datname AS name, pg_get_userbyid(d.datdba) AS owner, d.datallowconn AS allows, d.datconnlimit AS connections,
  pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collation, (SELECT json_agg(a::text ORDER BY a::text) FROM unnest(d.datacl) a) AS acl, d.datistemplate AS template,
  regexp_replace(shobj_description(d.oid, 'pg_database'), 'journal is .*?jsonl', 'journal is JOURNAL') AS comment,
  (SELECT json_agg(json_build_array(pg_get_userbyid(s.setrole), s.setconfig) ORDER BY s.setrole)
    FROM pg_db_role_setting s WHERE s.setdatabase = d.oid) AS settings
FROM pg_database d WHERE d.datname NOT IN ('template0', 'template1') ORDER BY 1`;

const rolesQuery = `
SELECT rolname AS name, rolsuper AS super, rolcanlogin AS login, shobj_description(oid, 'pg_authid') AS comment
FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1`;

const tablesQuery = `
SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2`;

const ownersQuery = `
SELECT format('%s.%s %s %s', n.nspname, c.relname, pg_get_userbyid(c.relowner), c.relacl) AS owner
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL SELECT format('%s.%s %s %s', n.nspname, p.oid::regprocedure, pg_get_userbyid(p.proowner), p.proacl)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL SELECT format('schema %s %s %s', nspname, pg_get_userbyid(nspowner), nspacl) FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`;
