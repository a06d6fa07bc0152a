import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it.each([
  { name: "bad", release: {}, services: ["airflow-init"] },
  { name: "bad-webserver", release: {}, services: ["airflow-api-server"] },
  { name: "bad-two", release: { "airflow:2.10.5": "airflow:2.7.0" }, services: ["airflow-webserver"] },
  { name: "bad-users", release: {}, services: ["airflow-init"] },
])("Airflow prints what airflow-removed-command announces of $name", async ({ name, release, services }) => {
  const { consequences, output } = await provokeStack("airflow-removed-command", name, { edits: release, services });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
