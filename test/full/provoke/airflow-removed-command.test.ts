import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

/** Nobody waits for the job that fails, so that the others say their lines too. */
const unawaited = { service_completed_successfully: "service_started" };

it.each([
  { name: "bad", release: {}, services: ["airflow-api-server"] },
  { name: "bad-two", release: { "airflow:2.10.5": "airflow:2.7.0" }, services: ["airflow-webserver"] },
  { name: "bad-users", release: {}, services: ["airflow-init"] },
])("Airflow prints what airflow-removed-command announces of $name", async ({ name, release, services }) => {
  const edits = { ...unawaited, ...release };
  const { consequences, output } = await provokeStack("airflow-removed-command", name, { edits, services });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
