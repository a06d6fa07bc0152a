import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("mlflow db upgrade prints what mlflow-upgrade-on-empty-database announces", async () => {
  const { consequences, output } = await provokeStack("mlflow-upgrade-on-empty-database", "bad", {
    edits: { "mlflow:v2.22.0": "mlflow:v2.7.1" },
  });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
