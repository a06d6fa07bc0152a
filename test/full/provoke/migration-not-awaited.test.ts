import { expect, it } from "vitest";
import { provokeStack } from "../../helpers/provoke-stack.ts";

/** A release whose packages ship locked. */
const release = { "airflow:2.10.5-python3.11": "airflow:2.7.0" };

/**
 * The job has not got so far yet when the others look. (Without Docker a component waits for its app's migration, whatever
 * the file says, so the job does something else.)
 */
const unmigrated = { "command: db migrate": "command: version" };

it("Airflow's scheduler prints what migration-not-awaited announces", async () => {
  const { consequences, output } = await provokeStack("migration-not-awaited", "bad", {
    edits: { ...release, ...unmigrated },
  });
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line.replace("2.10.5", "2.7.0"));
});
