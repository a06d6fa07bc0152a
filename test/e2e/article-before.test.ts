import { expect, it } from "vitest";
import { skipWithoutPython } from "../helpers/skip-without-python.ts";
import { createStackHome } from "../helpers/stack-home.ts";

const collision = "Can't locate revision identified by '405de8318b3a'";

it("the article's first stack, both applications on one database, fails at once with MLflow's own line", async (context) => {
  await skipWithoutPython(context, ["3.8", "3.9", "3.10", "3.11"]);
  await using home = await createStackHome();
  const project = await home.copyExample("article-before");
  home.onEndBringDown(project);

  const up = await home.run(project, "up", "--no-check", "--auto-ports", "--json");
  expect(up.exitCode).toBe(1);
  const { errors } = JSON.parse(up.stdout) as { errors: { code: string; message: string; hint: string }[] };
  // Not TIMED_OUT: the end of MLflow's unit ends the wait.
  expect(errors).toMatchObject([{ code: "STACK_FAILED" }]);
  expect(errors[0]?.message).toMatch(/^mlflow exited with code 1\n/);
  expect(errors[0]?.message).toContain(collision);
  const cause = "mlflow opens a database that another application migrated: revision 405de8318b3a belongs to Airflow";
  expect(errors[0]?.message).toContain(`cause: ${cause}`);
  expect(errors[0]?.hint).toContain("bulkhead logs mlflow");
  const explained = await home.run(project, "explain");
  expect(explained).toMatchObject({ exitCode: 1, stderr: "" });
  expect(explained.stdout).toMatch(/^cause\[foreign-revision\]/);
  const since = await home.run(project, "explain", "--since", new Date().toISOString());
  expect(since.stdout).not.toContain("foreign-revision");

  // What ran keeps running, and the hint leads to the whole story.
  const ps = JSON.parse((await home.run(project, "ps", "--all", "--json")).stdout) as {
    services: { name: string; state: string; exitCode: number | null }[];
  };
  const rows = Object.fromEntries(ps.services.map((row) => [row.name, row]));
  expect(rows["mlflow"]).toMatchObject({ state: "exited", exitCode: 1 });
  expect(rows["airflow-init"]).toMatchObject({ state: "completed", exitCode: 0 });
  expect(["ready", "running"]).toContain(rows["postgres"]?.state);
  expect((await home.run(project, "logs", "mlflow")).stdout).toContain(collision);

  // Airflow's history is untouched.
  const row = await home.run(
    project,
    "exec",
    "postgres",
    "psql",
    "-U",
    "postgres",
    "-d",
    "airflow",
    "-Atc",
    "SELECT version_num FROM alembic_version",
  );
  expect(row).toMatchObject({ exitCode: 0, stdout: "405de8318b3a\n" });
});
