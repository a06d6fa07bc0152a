import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectFaultsTold, spoilExample } from "../helpers/doctor-story.ts";
import { createStackHome } from "../helpers/stack-home.ts";

it("each fault of a native stack is told with its cure, and nothing else is", async () => {
  await using home = await createStackHome();
  const directory = await home.copyExample("airflow-mlflow");
  await spoilExample(directory);
  home.onEndBringDown(directory);
  const run = (...args: readonly string[]) => home.run(directory, ...args);
  const up = await run("up", "--auto-ports", "--no-check");
  expect(up.exitCode === 0 ? "" : up.stderr).toBe("");
  const artifacts = join(
    home.env["BULKHEAD_HOME"] ?? "",
    "projects/airflow-mlflow/volumes/airflow-mlflow_mlflow-artifacts",
  );
  await expectFaultsTold({
    directory,
    env: home.env,
    run,
    freeze: async (service) => {
      const { stdout } = await run("ps", "--json");
      const rows = (JSON.parse(stdout) as { services: { name: string; pid: number | null }[] }).services;
      const pid = rows.find(({ name }) => name === service)?.pid;
      if (pid === undefined || pid === null) throw new Error(`${service} does not run`);
      // Its whole group: the part that beats is not always its leader.
      process.kill(-pid, "SIGSTOP");
      return async () => void process.kill(-pid, "SIGCONT");
    },
    lockArtifacts: async () => {
      await chmod(artifacts, 0o555);
      return () => chmod(artifacts, 0o755);
    },
  });
});
