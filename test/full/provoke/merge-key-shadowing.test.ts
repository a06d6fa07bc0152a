import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("a scheduler that lost its database prints what merge-key-shadowing announces", async () => {
  const { consequences, output } = await provokeStack("merge-key-shadowing", "bad", {
    "apache/airflow:2.10.5-python3.11": "apache/airflow:2.7.0",
  });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
