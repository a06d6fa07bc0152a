import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("a shell prints what healthcheck-cannot-pass announces of a program that is not there", async () => {
  await using project = await provokeProject("healthcheck-cannot-pass", "bad");
  expect(project.consequences).toEqual(["curl: not found"]);
  const test = "curl -f http://localhost:5000/health || exit 1";
  expect(project.run(["/bin/sh", "-c", test], { PATH: "/nonexistent" })).toContain(project.consequences[0]);
});

/** Inside the image's container everybody may come in through the socket. */
const trust = { "POSTGRES_DB:": "POSTGRES_HOST_AUTH_METHOD: trust\n      POSTGRES_DB:" };

it.each([
  { fixture: "bad-blank", check: ["pg_isready", "-U", "-d", "mlflow"] },
  { fixture: "bad-role", check: ["psql", "-U", "airflow", "-d", "mlflow", "-c", "select 1"] },
  { fixture: "bad-noise", check: ["pg_isready", "-U", "root"] },
])("PostgreSQL prints what healthcheck-cannot-pass announces in $fixture", async ({ fixture, check }) => {
  const { consequences, output } = await provokeStack("healthcheck-cannot-pass", fixture, {
    edits: trust,
    services: ["db"],
    exec: ["db", ...check],
  });
  expect(consequences).toHaveLength(1);
  expect(output).toContain(consequences[0]);
});
