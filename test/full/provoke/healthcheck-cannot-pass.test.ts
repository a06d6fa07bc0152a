import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";
import { createStackHome } from "../../helpers/stack-home.ts";

it("a shell prints what healthcheck-cannot-pass announces of a program that is not there", async () => {
  await using project = await provokeProject("healthcheck-cannot-pass", "bad");
  expect(project.consequences).toEqual(["curl: not found"]);
  const test = "curl -f http://localhost:5000/health || exit 1";
  expect(project.run(["/bin/sh", "-c", test], { PATH: "/nonexistent" })).toContain(project.consequences[0]);
});

it("PostgreSQL and its programs print what healthcheck-cannot-pass announces of their checks", async () => {
  await using home = await createStackHome();
  for (const fixture of ["bad-blank", "bad-role", "bad-noise"]) {
    await using project = await provokeProject("healthcheck-cannot-pass", fixture);
    home.onEndBringDown(project.path);
    await home.run(project.path, "up", "--no-check", "--auto-ports", "db");
    const check = await runCheck(home, project.path, fixture);
    const logs = await home.run(project.path, "logs", "db");
    expect(project.consequences).toHaveLength(1);
    expect(check + logs.stdout, fixture).toContain(project.consequences[0]);
    await home.run(project.path, "down", "-v", "--no-backup");
  }
});

async function runCheck(home: Awaited<ReturnType<typeof createStackHome>>, cwd: string, fixture: string) {
  const commands: Record<string, readonly string[]> = {
    "bad-blank": ["pg_isready", "-U", "-d", "mlflow"],
    "bad-role": ["psql", "-U", "airflow", "-d", "mlflow", "-c", "select 1"],
    "bad-noise": ["pg_isready", "-U", "root"],
  };
  const { stdout, stderr } = await home.run(cwd, "exec", "db", ...(commands[fixture] ?? []));
  return stdout + stderr;
}
