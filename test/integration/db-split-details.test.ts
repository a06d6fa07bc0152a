import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { makeState, statePairs } from "../helpers/database-states.ts";
import { snapshotServer } from "../helpers/snapshot-server.ts";
import { splitByUrl } from "../helpers/split-by-url.ts";
import { readRows } from "../helpers/split-rows.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

// Only what hangs takes so long.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let home: string;
let server: TestServer;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bh-split-"));
  server = await startTestServer(17);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});
afterEach(async () => {
  for (const name of await databases()) {
    if (/^(shared|mlflow)/.test(name)) await server.query("postgres", `DROP DATABASE "${name}" WITH (FORCE)`);
  }
  for (const role of ["app_of_airflow", "app_of_mlflow", "reader", "mlflow"]) {
    await server.query("postgres", `DROP ROLE IF EXISTS ${role}`);
  }
});

async function databases(): Promise<readonly string[]> {
  return (await server.query("postgres", "SELECT datname FROM pg_database")).map((row) => String(row["datname"]));
}

async function values(database: string, query: string): Promise<readonly unknown[]> {
  return (await server.query(database, query)).flatMap((row) => Object.values(row));
}

const tablesOf = async (database: string): Promise<readonly string[]> => Object.keys(await readRows(server, database));

describe("what db split leaves with whom", () => {
  it("Celery's result tables and their sequences stay with Airflow", async () => {
    await makeState(5, statePairs["2.7"], server, { database: "shared" });
    await server.query(
      "shared",
      `CREATE SEQUENCE task_id_sequence; CREATE SEQUENCE taskset_id_sequence;
       CREATE TABLE celery_taskmeta (id int PRIMARY KEY, task_id varchar(155) UNIQUE, status varchar(50), result bytea,
         date_done timestamp, traceback text, name varchar(155), args bytea, kwargs bytea, worker varchar(155), retries int, queue varchar(155));
       CREATE TABLE celery_tasksetmeta (id int PRIMARY KEY, taskset_id varchar(155) UNIQUE, result bytea, date_done timestamp);
       INSERT INTO celery_taskmeta (id, task_id) VALUES (nextval('task_id_sequence'), 'one')`,
    );
    const { outcomes } = await splitByUrl(home, server.url("shared"));
    expect(outcomes.map(({ part }) => part)).toEqual(["airflow", "mlflow"]);
    const sequences = "SELECT relname FROM pg_class WHERE relkind = 'S' AND relname ~ '_sequence$' ORDER BY 1";
    expect(await values("shared", sequences)).toEqual(["task_id_sequence", "taskset_id_sequence"]);
    expect(await values("mlflow", sequences)).toEqual([]);
    expect(await values("shared", "SELECT task_id FROM celery_taskmeta")).toEqual(["one"]);
    expect((await tablesOf("mlflow")).filter((table) => table.includes("celery"))).toEqual([]);
  });

  it("a schema of their own that both share is there on both sides, with its path", async () => {
    await makeState(5, statePairs["2.7"], server, { database: "shared" });
    await server.query("shared", "ALTER SCHEMA public RENAME TO apps; CREATE SCHEMA public");
    await server.query("postgres", "ALTER DATABASE shared SET search_path = apps");
    const before = await readRows(server, "shared");
    await splitByUrl(home, server.url("shared"));
    const [airflow, mlflow] = [await readRows(server, "shared"), await readRows(server, "mlflow")];
    expect({ ...airflow, ...mlflow }).toEqual(before);
    expect(mlflow).toHaveProperty(["apps.experiments"]);
    for (const database of ["shared", "mlflow"]) {
      expect(await values(database, "SHOW search_path")).toEqual(["apps"]);
      expect(await values(database, "SELECT count(*)::int FROM alembic_version")).toEqual([1]);
    }
  });

  it.each([
    [15, "2.10", /Optuna/],
    [16, "2.10", /Superset share the tables ab_\*/],
  ] as const)(
    "state %i is refused with the names, the way by hand, and nothing changed",
    async (state, pair, named) => {
      await makeState(state, statePairs[pair], server, { database: "shared" });
      const before = await snapshotServer(
        server,
        (await databases()).filter((name) => name.startsWith("recorded ")),
      );
      await expect(splitByUrl(home, server.url("shared"))).rejects.toMatchObject({
        code: "SPLIT_REFUSED",
        message: expect.stringMatching(named) as string,
        hint: expect.stringMatching(/\S/) as string,
      });
      expect(
        await snapshotServer(
          server,
          (await databases()).filter((name) => name.startsWith("recorded ")),
        ),
      ).toEqual(before);
    },
  );
});

describe("who may do what after db split", () => {
  it("ordinary roles are locked out of the other application's database; rights, settings, limit and comment are set again", async () => {
    await makeState(5, statePairs["2.7"], server, { database: "shared" });
    for (const role of ["app_of_airflow", "app_of_mlflow", "reader"]) await server.createRole(role);
    for (const [role, tables] of [
      ["app_of_airflow", ["dag", "dag_run", "task_instance"]],
      ["app_of_mlflow", ["experiments", "runs", "metrics"]],
    ] as const) {
      for (const table of tables) await server.query("shared", `ALTER TABLE ${table} OWNER TO ${role}`);
    }
    await server.query("shared", "GRANT SELECT ON dag TO reader");
    for (const statement of [
      "COMMENT ON DATABASE shared IS 'of both'",
      "ALTER DATABASE shared CONNECTION LIMIT 40",
      "ALTER DATABASE shared SET timezone = 'Asia/Seoul'",
      "ALTER ROLE reader IN DATABASE shared SET work_mem = '8MB'",
      "GRANT TEMPORARY ON DATABASE shared TO reader",
    ]) {
      await server.query("postgres", statement);
    }
    await splitByUrl(home, server.url("shared"));
    const may = async (role: string, database: string): Promise<unknown> =>
      (await values("postgres", `SELECT has_database_privilege('${role}', '${database}', 'CONNECT')`))[0];
    const roles = ["app_of_airflow", "app_of_mlflow", "reader"];
    const connects = async (database: string) => Promise.all(roles.map((role) => may(role, database)));
    expect(await connects("shared")).toEqual([true, false, true]);
    expect(await connects("mlflow")).toEqual([false, true, false]);
    await expect(server.connect("mlflow", "app_of_airflow")).rejects.toThrow(/permission denied/);
    await (await server.connect("mlflow", "app_of_mlflow")).close();
    expect(
      await server.query(
        "postgres",
        "SELECT datconnlimit AS most, shobj_description(oid, 'pg_database') AS comment, has_database_privilege('reader', datname, 'TEMPORARY') AS temporary FROM pg_database WHERE datname = 'shared'",
      ),
    ).toEqual([{ most: 40, comment: "of both", temporary: true }]);
    expect(await values("shared", "SHOW timezone")).toEqual(["Asia/Seoul"]);
    expect(
      await values(
        "postgres",
        "SELECT array_to_string(setconfig, ' ') FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = 'shared' AND setrole = 'reader'::regrole",
      ),
    ).toEqual(["work_mem=8MB"]);
  });

  it("a superuser that both work as is named, and an ordinary role offered, which gets everything of its application", async () => {
    await makeState(5, statePairs["2.7"], server, { database: "shared" });
    const { summary } = await splitByUrl(home, server.url("shared"), { dryRun: true });
    expect(summary?.warnings.map(({ message }) => message)).toEqual([
      "postgres, the role of airflow, is a superuser: no database is closed to it.",
      "postgres, the role of mlflow, is a superuser: no database is closed to it.",
    ]);
    expect(summary?.warnings[1]?.hint).toContain("CREATE ROLE mlflow LOGIN");
    await splitByUrl(home, server.url("shared"), { role: "mlflow" });
    expect(
      await values(
        "mlflow",
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
      ),
    ).toEqual(["mlflow"]);
    expect(await values("postgres", "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = 'mlflow'")).toEqual([
      false,
    ]);
  });

  it("a version table that is missing is made, and is its application's", async () => {
    await makeState(5, statePairs["2.7"], server, { database: "shared" });
    await server.query("shared", "DROP TABLE alembic_version");
    await splitByUrl(home, server.url("shared"), { role: "mlflow" });
    expect(await values("mlflow", "SELECT version_num FROM alembic_version")).toEqual(["7f2a7d5fae7d"]);
    expect(await values("mlflow", "SELECT tableowner FROM pg_tables WHERE tablename = 'alembic_version'")).toEqual([
      "mlflow",
    ]);
  });
});
