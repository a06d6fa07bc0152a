import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { checkJsonSchema } from "./check-json-schema.ts";
import { createDoctor, type Doctor, type DoctorJsonRow } from "./doctor.ts";
import type { CommandResult } from "./stack-home.ts";

/** What the story needs of examples/airflow-mlflow: each kind of part, and no more of a machine than that. */
export const storyServices = ["mlflow", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"] as const;

/** Of these nothing is expected. */
const leftOut: ReadonlySet<string> = new Set(["airflow-api-server", "airflow-admin"]);

/** A copy of examples/airflow-mlflow of which `storyServices` are up, on one of the engines. */
export interface DoctorStack {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: (...args: readonly string[]) => Promise<CommandResult>;
  /** Stops the processes of a service where they are, until it is called back. */
  freeze(service: string): Promise<() => Promise<void>>;
  /** Keeps MLflow from writing to its artifacts, until it is called back. */
  lockArtifacts(): Promise<() => Promise<void>>;
}

const patienceMs = 240_000;

const jwtSecret = "AIRFLOW__API_AUTH__JWT_SECRET";

/** Before the first start: a component with a key of its own, DAG files that are read at once, a second name for MLflow. */
export async function spoilExample(directory: string): Promise<void> {
  await editFile(join(directory, "compose.yaml"), (text) =>
    text
      .replace(
        "    command: triggerer\n",
        `    command: triggerer\n    environment: {<<: *airflow-environment, ${jwtSecret}: another-0123456789-0123456789}\n`,
      )
      .replace("  mlflow:\n    build:", "  mlflow:\n    networks: {default: {aliases: [tracking]}}\n    build:")
      .replace(
        '    AIRFLOW__CORE__LOAD_EXAMPLES: "false"\n',
        '    AIRFLOW__CORE__LOAD_EXAMPLES: "false"\n    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: "5"\n',
      ),
  );
}

/**
 * Goes through the faults of a stack that is up, one after the other: each is told where it is, nothing else is, and it is
 * told no more when it is over.
 */
export async function expectFaultsTold(stack: DoctorStack): Promise<void> {
  const { directory, run } = stack;
  const doctor = createDoctor(stack);
  const sql = async (service: string, text: string): Promise<string> => {
    const user = service.replace("-db", "");
    const { exitCode, stdout, stderr } = await run("exec", "-T", service, "psql", "-U", user, "-Atqc", text);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.trim();
  };

  const ofMlflow = "mlflow: mlflow@mlflow-db:5432/mlflow";
  const fixLogin = (): Promise<void> =>
    poll(
      async () => {
        await doctor.look("--fix");
        return (await doctor.row("logins", ofMlflow)).outcome === "ok";
      },
      () => "--fix to set the password of mlflow",
    );

  // The one fault that was there from the start, and no false alarm beside it.
  const unequal = { id: "shared-secrets", subject: `airflow: ${jwtSecret}`, outcome: "fail" };
  await expectOnly(doctor, [unequal]);
  const { payload, text } = await doctor.look();
  expect(checkJsonSchema("doctor", payload)).toEqual([]);
  expect(text).toContain("airflow-triggerer and airflow-api-server have different ones");
  await expectNoSecret(directory, text);

  // A key that does not open what is stored.
  const script =
    "from cryptography.fernet import Fernet; print(Fernet(Fernet.generate_key()).encrypt(b'word').decode())";
  const { stdout: token } = await run("exec", "-T", "airflow-scheduler", "python", "-c", script);
  await sql(
    "airflow-db",
    `insert into connection (conn_id, conn_type, password, is_encrypted, is_extra_encrypted) values ('store', 'http', '${token.trim()}', true, false)`,
  );
  await expectOnly(doctor, [unequal, { id: "fernet-key", subject: "airflow", outcome: "fail" }]);
  expect((await doctor.row("fernet-key", "airflow")).fact).toBe("does not open 1 of 1 stored values: store");
  await sql("airflow-db", "delete from connection where conn_id = 'store'");

  // A DAG file that cannot be imported, told by Airflow itself, which passes by what does not speak of it.
  const broken = join(directory, "dags", "broken.py");
  await writeFile(broken, "from airflow import DAG\nimport not_installed_anywhere\n");
  const imports = await until(doctor, "dag-imports", "airflow", "fail");
  expect(imports.fact).toContain("ModuleNotFoundError: No module named 'not_installed_anywhere'");
  expect(imports.cure).toContain("package of not_installed_anywhere");
  await rm(broken);

  // Migrations behind, and ahead of, what is installed.
  const head = await sql("mlflow-db", "select version_num from alembic_version");
  await sql("mlflow-db", "update alembic_version set version_num = '7f2a7d5fae7d'");
  expect(await doctor.row("migrations", "mlflow")).toMatchObject({
    outcome: "fail",
    fact: `alembic_version is at 7f2a7d5fae7d, the installed head is ${head}`,
    cure: expect.stringContaining("bulkhead db status mlflow-db/mlflow") as string,
  });
  await sql("mlflow-db", "update alembic_version set version_num = 'ffffffffffff'");
  expect((await doctor.row("migrations", "mlflow")).fact).toContain("is no revision of the installed package");
  await sql("mlflow-db", `update alembic_version set version_num = '${head}'`);

  // A schema that is not there.
  await sql("mlflow-db", "alter role mlflow set search_path = gone");
  const login = await doctor.row("logins", ofMlflow);
  expect(login).toMatchObject({ outcome: "fail", fixable: true });
  expect(login.fact).toContain("its search_path (gone) names no schema");
  await sql("mlflow-db", "alter role mlflow reset search_path");

  // A name that MLflow's clients would use and MLflow refuses; another major than the one that runs.
  const file = await readFile(join(directory, "compose.yaml"), "utf8");
  await editFile(join(directory, "compose.yaml"), (whole) =>
    whole
      .replace("MLFLOW_TRACKING_URI: http://mlflow:5000", "MLFLOW_TRACKING_URI: http://tracking:5000")
      .replace("image: postgres:17", "image: postgres:16"),
  );
  const called = "tracking:5000, as airflow-migrate, airflow-admin, ... call it";
  const refused = "MLflow refuses the Host header tracking:5000: its --allowed-hosts do not hold it";
  expect((await untilTold(doctor, "mlflow-hosts", called, refused)).cure).toContain(
    "--allowed-hosts mlflow:*,tracking:*,localhost:*,127.0.0.1:*",
  );
  await untilTold(doctor, "server-versions", "airflow-db", /^runs 17\.\d+.*, the file names 16/);
  await writeFile(join(directory, "compose.yaml"), file);

  // Artifacts that cannot be written.
  const unlock = await stack.lockArtifacts();
  await untilTold(doctor, "artifacts", "mlflow", /^its artifact store cannot be used: PUT answered 5\d\d$/);
  await unlock();

  // A password that changed in .env only.
  const written = await readFile(join(directory, ".env"), "utf8");
  await editFile(join(directory, ".env"), (all) => all.replace(/^(MLFLOW_DB_PASSWORD=).*$/m, "$1another-0123456789"));
  expect((await doctor.row("logins", ofMlflow)).cure).toContain("bulkhead doctor --fix");
  await fixLogin();
  await writeFile(join(directory, ".env"), written);
  await fixLogin();

  // A scheduler whose process is there and does nothing.
  const wake = await stack.freeze("airflow-scheduler");
  const beat = await until(doctor, "heartbeats", "airflow-scheduler", "fail");
  expect(beat.fact).toMatch(/^runs, but beat last \d+ s ago \(after 30 s Airflow takes it for dead\)$/);
  await wake();
  await until(doctor, "heartbeats", "airflow-scheduler", "ok");
  await until(doctor, "dag-imports", "airflow", "ok");
  await expectOnly(doctor, [unequal]);

  // Half of it is gone: the other half is told.
  const stopped = await run("stop", "mlflow-db");
  expect(stopped.exitCode).toBe(0);
  expect({
    theirs: (await doctor.row("logins", ofMlflow)).outcome,
    ours: (await doctor.row("logins", "airflow: airflow@airflow-db:5432/airflow")).outcome,
    migration: (await doctor.row("migrations", "airflow")).outcome,
    beat: (await until(doctor, "heartbeats", "airflow-triggerer", "ok")).outcome,
  }).toEqual({ theirs: "unknown", ours: "ok", migration: "ok", beat: "ok" });
}

async function editFile(path: string, edit: (text: string) => string): Promise<void> {
  const before = await readFile(path, "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`${path} holds nothing of what should be edited`);
  await writeFile(path, after);
}

/** Asks, each time a whole look, for as long as the slowest machine may need. */
async function poll(isTrue: () => Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await isTrue())) if (Date.now() > end) throw new Error(`waited for ${what()}`);
}

interface Expected {
  readonly id: string;
  readonly subject: string;
  readonly outcome: string;
}

/** Only these are not ok, after what a busy machine answers late has been asked again. */
async function expectOnly(doctor: Doctor, wanted: readonly Expected[]): Promise<void> {
  let seen: readonly Expected[] = [];
  const isSame = async (): Promise<boolean> => {
    const { payload } = await doctor.look();
    seen = payload.checks.flatMap(({ id, subject, outcome, fact }) =>
      outcome === "ok" || leftOut.has(subject ?? "") ? [] : [{ id, subject: subject ?? "", outcome, fact }],
    );
    const text = (all: readonly Expected[]): string =>
      JSON.stringify(all.map(({ id, subject, outcome }) => [id, subject, outcome]));
    return text(seen) === text(wanted);
  };
  await poll(isSame, () => `only ${JSON.stringify(wanted)} to be told, but ${JSON.stringify(seen)} is`);
}

/** Asks until a row has that outcome. */
async function until(doctor: Doctor, id: string, subject: string, outcome: string): Promise<DoctorJsonRow> {
  let row = await doctor.row(id, subject);
  const hasCome = async (): Promise<boolean> => {
    if (row.outcome !== outcome) row = await doctor.row(id, subject);
    return row.outcome === outcome;
  };
  await poll(hasCome, () => `${id} of ${subject} to be ${outcome}, which is ${row.outcome}: ${row.fact}`);
  return row;
}

/** Asks until a row tells that. */
async function untilTold(doctor: Doctor, id: string, subject: string, fact: string | RegExp): Promise<DoctorJsonRow> {
  let row = await doctor.row(id, subject);
  const isTold = async (): Promise<boolean> => {
    const fits = typeof fact === "string" ? row.fact === fact : fact.test(row.fact);
    if (!fits) row = await doctor.row(id, subject);
    return fits;
  };
  await poll(isTold, () => `${id} of ${subject} to tell ${String(fact)}, which tells: ${row.fact}`);
  expect(row.outcome).toBe("fail");
  return row;
}

async function expectNoSecret(directory: string, text: string): Promise<void> {
  const secrets = (await readFile(join(directory, ".env"), "utf8")).match(/(?<==)\S{10,}/g) ?? [];
  expect(secrets.length).toBeGreaterThan(4);
  for (const secret of [...secrets, "another-0123456789"]) expect(text).not.toContain(secret);
}
