import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("MLflow prints what mlflow-auth-shares-database announces", async () => {
  const { consequences, output } = await provokeStack("mlflow-auth-shares-database", "bad");
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
