import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

/** A release whose packages ship locked. */
const release = { "airflow:2.10.5-python3.11": "airflow:2.7.0" };

it("a scheduler that lost its database prints what merge-key-shadowing announces", async () => {
  const { consequences, output } = await provokeStack("merge-key-shadowing", "bad", {
    edits: release,
    services: ["scheduler"],
    // It takes a while to ask its database, and names none that `up` could wait for.
    late: /^scheduler .*ERROR: /m,
  });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line.replace("2.10.5", "2.7.0"));
});
