import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { importParts, root } from "../import-parts.mjs";

const { countRows, createNodePorts } = await importParts({
  "src/node/node-ports.ts": ["createNodePorts"],
  "test/helpers/count-rows.ts": ["countRows"],
});

const { processes } = createNodePorts();
const folder = join(root, "test/fixtures/databases");

/** Dumps a database as NAME.sql.gz, with what is known of it as NAME.json. */
export async function writeRecording(server, database, name, facts) {
  const sql = await dumpPlain(server, database);
  const packed = gzipSync(sql, { level: 9 });
  const session = await server.connect(database);
  try {
    const [version] = await session.query("select current_setting('server_version') as version");
    const manifest = {
      name,
      ...facts,
      versionTables: await readVersionTables(session),
      postgres: version.version,
      recordedOn: new Date().toISOString().slice(0, 10),
      sha256: sha256(packed),
      rows: await countRows(session),
    };
    writeFileSync(join(folder, `${name}.sql.gz`), packed);
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(manifest, null, 2)}\n`);
    return { bytes: packed.length, rows: Object.values(manifest.rows).reduce((sum, count) => sum + count, 0) };
  } finally {
    await session.close();
  }
}

/** What is wrong with the recordings as they lie there, one line each. */
export function checkRecordings(names) {
  const files = readdirSync(folder);
  const faults = [];
  for (const name of names) {
    if (!files.includes(`${name}.sql.gz`) || !files.includes(`${name}.json`)) {
      faults.push(`${name}: missing`);
      continue;
    }
    const packed = readFileSync(join(folder, `${name}.sql.gz`));
    const manifest = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
    if (manifest.sha256 !== sha256(packed)) faults.push(`${name}: changed since it was recorded`);
    if (/^\\(un)?restrict|^(ALTER .* OWNER TO|GRANT|REVOKE) /m.test(gunzipSync(packed).toString("utf8")))
      faults.push(`${name}: holds what no other server takes`);
    if (gunzipSync(packed).includes(root)) faults.push(`${name}: names a place of this machine`);
  }
  for (const file of files.filter((one) => one.endsWith(".sql.gz"))) {
    if (!names.includes(file.slice(0, -".sql.gz".length))) faults.push(`${file}: nothing makes it`);
  }
  return faults;
}

/** Plain SQL that servers from 13 on take. */
async function dumpPlain(server, database) {
  const { host, port, user, password } = server.target;
  const login = [`--host=${host}`, `--port=${port}`, `--username=${user}`];
  const result = await processes.run({
    argv: [join(server.clientDirectory, "pg_dump"), ...login, "--no-owner", "--no-acl", database],
    env: { PGPASSWORD: password },
  });
  if (result.exitCode !== 0) throw new Error(`pg_dump of ${database}: ${result.stderr}`);
  return result.stdout
    .split("\n")
    .filter((line) => !/^\\(un)?restrict |^SET transaction_timeout = 0;$/.test(line))
    .join("\n");
}

async function readVersionTables(session) {
  const tables = await session.query(
    `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
     where relkind = 'r' and relname like 'alembic\\_version%' order by 1`,
  );
  const found = {};
  for (const { name } of tables) {
    const rows = await session.query(`select version_num from ${name} order by 1`);
    found[name.replace(/^public\./, "")] = rows.map((row) => row.version_num);
  }
  return found;
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
