import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

it("MLflow says in PostgreSQL's words what schema-public-not-granted announces", async () => {
  const { consequences, output } = await provokeStack("schema-public-not-granted", "bad");
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});
