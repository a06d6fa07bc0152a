import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("Airflow's scheduler prints what migration-not-awaited announces", async () => {
  const { consequences, output } = await provokeStack("migration-not-awaited", "bad", {
    "apache/airflow:2.10.5-python3.11": "apache/airflow:2.7.0",
  });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
