// A large database of Airflow 3.3 and MLflow 3.17 together, as tables of the real ones with many rows, for the bench.
//   node test/bench/make-collided.mjs [GIGABYTES]    makes it beforehand (2)
import { access, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importParts } from "../../scripts/import-parts.mjs";

const { cacheDirectory, createNodePorts, startTestServer } = await importParts({
  "src/node/node-ports.ts": ["createNodePorts"],
  "src/supply/cache-directory.ts": ["cacheDirectory"],
  "test/helpers/test-server.ts": ["startTestServer"],
});

const major = 17;
const recording = "collided-airflow-row-3";
/** Raised when what is made changes. */
const format = 2;
/** Rows for one gigabyte, so that each application has about half of it. */
const rowsOfGigabyte = { log: 430_000, task_instance: 120_000, xcom: 90_000, metrics: 850_000, tags: 150_000 };

export const collidedDatabase = "collided";

/**
 * The directory of a stopped PostgreSQL 17 cluster with the database `collided`, from the cache or made now (a minute
 * or two). `startTestServer(17, { cluster })` serves a copy of it.
 */
export async function makeCollided(gigabytes) {
  const io = createNodePorts();
  const folder = join(cacheDirectory(io.host), "bench");
  const cluster = join(folder, `collided-${format}-${gigabytes}gb`);
  if (
    await access(cluster).then(
      () => true,
      () => false,
    )
  )
    return cluster;
  await mkdir(folder, { recursive: true });
  const server = await startTestServer(major);
  const staging = `${cluster}.${process.pid}`;
  try {
    await server.restore(recording, { database: collidedDatabase });
    await server.query("postgres", `drop database "recorded ${recording} of postgres"`);
    await multiplyRows(server, gigabytes);
    await server.stop();
    const copy = await io.processes.run({ argv: ["/bin/cp", "-a", server.dataDirectory, staging], env: {} });
    if (copy.exitCode !== 0) throw new Error(copy.stderr);
    await rename(staging, cluster);
  } finally {
    await rm(staging, { recursive: true, force: true });
    await server[Symbol.asyncDispose]();
  }
  return cluster;
}

async function multiplyRows(server, gigabytes) {
  const session = await server.connect(collidedDatabase);
  try {
    // Copies of rows need no foreign keys checked.
    await session.query("set session_replication_role = replica");
    const filler = (bytes) => `repeat(md5(n::text), ${Math.ceil(bytes / 32)})`;
    const count = (table) => Math.round(rowsOfGigabyte[table] * gigabytes);
    await multiply(session, "log", count("log"), { extra: filler(600) });
    await multiply(session, "task_instance", count("task_instance"), {
      id: "gen_random_uuid()",
      map_index: "1000 + n",
    });
    await multiply(session, "xcom", count("xcom"), {
      key: "'copy ' || n",
      value: `jsonb_build_object('n', n, 'text', ${filler(1200)})`,
    });
    await multiply(session, "metrics", count("metrics"), {
      step: "1000 + n",
      value: "n / 7.0",
      timestamp: "1714559400000 + n",
    });
    await multiply(session, "tags", count("tags"), { key: "'copy ' || n", value: filler(500) });
    await session.query("vacuum analyze");
  } finally {
    await session.close();
  }
}

/** Copies the first row of a table; columns that a sequence or an expression fills keep being filled by it. */
async function multiply(session, table, count, changed) {
  const columns = await session.query(
    `select quote_ident(attname) as name from pg_attribute a left join pg_attrdef d on (adrelid, adnum) = (attrelid, attnum)
     where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
       and coalesce(pg_get_expr(adbin, adrelid), '') not like 'nextval%' order by attnum`,
  );
  const names = columns.map(({ name }) => name);
  const values = names.map((name) => changed[name] ?? `one.${name}`);
  await session.query(
    `insert into ${table} (${names.join(", ")}) select ${values.join(", ")}
     from (select * from ${table} limit 1) one, generate_series(1, ${count}) n`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${await makeCollided(Number(process.argv[2] ?? 2))}\n`);
