import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dbBackup } from "../../src/actions/db-backup.ts";
import { dbRestore } from "../../src/actions/db-restore.ts";
import { contextByUrl, noProject } from "../helpers/context-by-url.ts";
import { createProject } from "../helpers/fault-project.ts";
import { createStackHome } from "../helpers/stack-home.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

/** Databases of Airflow and MLflow as they made them themselves, restored where older releases work. */
let server: TestServer;
let home: TemporaryDirectory;
let file: string;

beforeAll(async () => {
  server = await startTestServer(17);
  home = await createTemporaryDirectory();
  await own("airflow-3.3.2", "air");
  await own("mlflow-2.22.0", "tracking");
  file = join(home.path, "newer.tar");
  await dbBackup(contextByUrl(home.path), noProject, { url: bare(), out: file, apps: [], verify: false });
  await server.query("postgres", "drop database air");
  await server.query("postgres", "drop database tracking");
  await own("airflow-2.7.0", "air");
  await own("mlflow-2.7.1", "tracking");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await home.remove();
});

/** What was recorded under another name, without copying it. */
async function own(recording: string, name: string): Promise<void> {
  await server.query("postgres", `alter database "${await server.recorded(recording)}" rename to ${name}`);
}

function bare(): string {
  return server.url("postgres").replace(/\/postgres$/, "");
}

function restore(...apps: readonly string[]): ReturnType<typeof dbRestore> {
  return dbRestore(contextByUrl(home.path), noProject, { file, url: bare(), apps });
}

async function state(): Promise<unknown> {
  const versions = [];
  for (const name of ["air", "tracking"])
    versions.push(await server.query(name, "select version_num from alembic_version"));
  return [await server.query("postgres", "select datname from pg_database order by 1"), versions];
}

it("by URL is refused where the present database is of an older release, with the way out, which works", async () => {
  const before = await state();
  await expect(restore("airflow")).rejects.toMatchObject({
    code: "BACKUP_REFUSED",
    message: expect.stringMatching(
      /^air in .*newer\.tar is at airflow's revision \w+ \(of 3\.3\.\d\), which airflow 2\.7\.0 of the present air on 127\.0\.0\.1:\d+ does not know\.$/,
    ) as string,
    hint: expect.stringMatching(/^Upgrade airflow to 3\.3\.\d or newer and migrate air, or/) as string,
  });
  await expect(restore("mlflow")).rejects.toMatchObject({
    code: "BACKUP_REFUSED",
    message: expect.stringMatching(/ is at mlflow's revision 0584bdc529eb .*, which mlflow 2\./) as string,
  });
  const refused: unknown = await restore().catch((reason: unknown) => reason);
  expect(refused).toMatchObject({ code: "BACKUP_REFUSED" });
  expect(await state()).toEqual(before);

  const { hint = "" } = refused as { readonly hint?: string };
  await server.query("postgres", /ALTER DATABASE .*$/.exec(hint)?.[0] ?? "");
  expect(await restore("airflow")).toMatchObject({ databases: [{ name: "air", aside: null }] });
  // What is there now is as new as the backup.
  expect(await restore("airflow")).toMatchObject({ databases: [{ name: "air", aside: expect.any(String) as string }] });
});

const compose = (airflow: string): string => `services:
  db:
    image: postgres:17
    environment: { POSTGRES_USER: owner, POSTGRES_PASSWORD: secret, POSTGRES_DB: air }
    volumes: ["data:/var/lib/postgresql/data"]
  scheduler:
    image: apache/airflow:${airflow}
    command: scheduler
    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://owner:secret@db/air" }
    depends_on: [db]
volumes: { data: {} }
`;

it("into a project is refused where its Airflow is older, and goes there once the image is newer", async () => {
  await using stack = await createStackHome();
  const project = await createProject(stack, "older", compose("2.10.5"));
  const refused = await project.run("db", "restore", file, "airflow", "--json");
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain("which airflow 2.10.5 of this project does not know");
  const hint = /Set the image of \S+ to (3\.3\.\d) or newer/.exec(refused.stdout + refused.stderr);
  expect(await project.run("ps", "-a", "--json")).toMatchObject({
    stdout: expect.not.stringContaining("running") as string,
  });
  await project.write("compose.yaml", compose(hint?.[1] ?? ""));
  const restored = await project.run("db", "restore", file, "airflow", "--json");
  expect(restored.exitCode === 0 ? "" : restored.stdout + restored.stderr).toBe("");
  expect(JSON.parse(restored.stdout)).toMatchObject({ databases: [{ server: "db", name: "air" }] });
});
