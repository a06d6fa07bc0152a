import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

/** A release whose packages ship locked. */
const release = { "airflow:2.10.5-python3.11": "airflow:2.7.0" };

it("Airflow's components print what migration-missing announces", async () => {
  const { consequences, output } = await provokeStack("migration-missing", "bad", { edits: release });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line.replace("2.10.5", "2.7.0"));
});
