import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("MLflow prints what mlflow-auth-shares-database announces, and runs once its fix is made", async () => {
  const { consequences, output, repaired } = await provokeStack("mlflow-auth-shares-database", "bad", { repair: true });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
  expect(repaired?.exitCode === 0 ? "" : repaired?.output).toBe("");
  expect(repaired?.states).toEqual({
    mlflow: "ready",
    postgres: "ready",
    "postgres-mlflow_auth-database": "completed",
  });
});
