import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  compose,
  createDoctorProject,
  ofAdmin,
  ofAirflow,
  ofMlflow,
  variables,
  type DoctorProject,
} from "../helpers/doctor-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

let home: StackHome;
let project: DoctorProject;
beforeAll(async () => {
  home = await createStackHome();
  project = await createDoctorProject(home);
});
afterAll(() => home[Symbol.asyncDispose]());

describe("a password that was changed in .env only", () => {
  const drift = (password: string): Promise<void> => project.write(".env", variables(password));

  it("is set by the command that is told, at the server, with all data there", async () => {
    await project.sql("create table kept as select 1 as one", "airflow");
    await drift("second-airflow");
    const row = await project.doctor.row("logins", ofAirflow);
    expect(row).toMatchObject({
      outcome: "fail",
      fact: "db refuses the password that AIRFLOW__DATABASE__SQL_ALCHEMY_CONN holds for airflow: the volume keeps the one it was made with",
      fixable: true,
    });
    const [fix, command = ""] = (row.cure ?? "").split("\n");
    expect(fix).toBe("bulkhead doctor --fix");
    // Nobody else is kept from answering.
    expect((await project.doctor.row("logins", ofMlflow)).fact).not.toContain("password");
    expect((await project.doctor.row("migrations", "airflow")).outcome).toBe("unknown");
    await project.doctor.paste(command, "second-airflow\nsecond-airflow\n");
    expect(await project.doctor.row("logins", ofAirflow)).toMatchObject({ outcome: "ok", fixable: false });
    expect(await project.sql("select one from kept", "airflow")).toBe("1");
  });

  it("is set by --fix, which then finds nothing more to do, and the server's own likewise", async () => {
    await project.write(".env", variables("third-airflow", "second-admin"));
    expect(await project.doctor.row("logins", ofAdmin)).toMatchObject({
      outcome: "fail",
      fact: "db refuses the password that ADMIN_PASSWORD in .env holds for admin: the volume keeps the one it was made with",
    });
    const { payload, exitCode, text } = await project.doctor.look("--fix");
    expect(payload.fixed).toContainEqual({
      id: "logins",
      subject: ofAirflow,
      title: "give the role airflow of db the password of the file, by ALTER ROLE",
      failure: null,
    });
    for (const one of [ofAirflow, ofAdmin]) {
      expect(payload.checks.find(({ subject }) => subject === one)).toMatchObject({ outcome: "ok" });
    }
    const again = await project.doctor.look("--fix");
    expect([again.payload.fixed, again.exitCode]).toEqual([[], 0]);
    expect(exitCode).toBe(0);
    const log = await readFile(join(project.state, "logs/db.log"), "utf8");
    for (const written of [text, again.text, log]) expect(written).not.toMatch(/(first|second|third)-/);
  });
});

describe("rights", () => {
  it("a schema in which a role may not create", async () => {
    // --fix above has let it: PostgreSQL 15 and later give nobody that right.
    await project.sql("revoke create on schema public from mlflow", "mlflow");
    const row = await project.doctor.row("logins", ofMlflow);
    expect(row).toMatchObject({
      outcome: "fail",
      fact: "mlflow logs in, but may not create tables in the schema public of mlflow",
    });
    await project.doctor.paste((row.cure ?? "").split("\n")[1] ?? "");
    expect((await project.doctor.row("logins", ofMlflow)).outcome).toBe("ok");
  });

  it("a search_path that leads nowhere", async () => {
    await project.sql("alter role mlflow in database mlflow set search_path = gone");
    const row = await project.doctor.row("logins", ofMlflow);
    expect(row.fact).toBe("mlflow logs in, but its search_path (gone) names no schema of mlflow that it may use");
    await project.doctor.paste((row.cure ?? "").split("\n")[1] ?? "");
    expect((await project.doctor.row("logins", ofMlflow)).fact).toContain("may create in gone");
    await project.sql("drop schema gone", "mlflow");
    expect((await project.doctor.look("--fix")).payload.fixed).toMatchObject([
      { title: "make the schema gone in mlflow for mlflow", failure: null },
    ]);
    expect((await project.doctor.row("logins", ofMlflow)).outcome).toBe("ok");
  });

  it("a database and a role that were never made", async () => {
    await project.sql("drop database mlflow");
    const missing = await project.doctor.row("logins", ofMlflow);
    expect(missing).toMatchObject({ outcome: "fail", fixable: false });
    expect(missing.fact).toContain("the database mlflow does not exist in the data of db");
    await project.sql("drop role mlflow");
    const role = await project.doctor.row("logins", ofMlflow);
    expect(role.fact).toContain("the role mlflow does not exist in the data of db");
    const [create = "", setPassword = ""] = (role.cure ?? "").split("\n");
    await project.doctor.paste(create);
    await project.doctor.paste(setPassword, "first-mlflow\nfirst-mlflow\n");
    await project.doctor.paste((await project.doctor.row("logins", ofMlflow)).cure ?? "");
    expect((await project.doctor.row("logins", ofMlflow)).outcome).toBe("ok");
  });

  it("TLS that the file wants and the server has not", async () => {
    const text = compose(project.port);
    await project.write("compose.yaml", text.replace("@db/mlflow", "@db/mlflow?sslmode=require"));
    expect(await project.doctor.row("logins", ofMlflow)).toMatchObject({
      outcome: "fail",
      fact: expect.stringContaining("SSL") as string,
    });
    await project.write("compose.yaml", text);
  });
});
