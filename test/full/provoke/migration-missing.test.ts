import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("Airflow's components print what migration-missing announces", async () => {
  const { consequences, output } = await provokeStack("migration-missing", "bad", {
    "apache/airflow:2.10.5-python3.11": "apache/airflow:2.7.0",
  });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
