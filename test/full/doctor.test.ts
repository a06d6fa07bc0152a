import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectFaultsTold, spoilExample, storyServices } from "../helpers/doctor-story.ts";
import { createStackHome } from "../helpers/stack-home.ts";

it("each fault of a native stack is told with its cure, and nothing else is", async () => {
  await using home = await createStackHome();
  const directory = await home.copyExample("airflow-mlflow");
  await spoilExample(directory);
  home.onEndBringDown(directory);
  const run = (...args: readonly string[]) => home.run(directory, ...args);
  const up = await run("up", "--auto-ports", "--no-check", ...storyServices);
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
      // All of its group: what is told is not always the process that beats.
      const group = groupOf(await readFile(`/proc/${pid}/stat`, "utf8"));
      process.kill(-group, "SIGSTOP");
      return async () => void process.kill(-group, "SIGCONT");
    },
    lockArtifacts: async () => {
      await chmod(artifacts, 0o555);
      return () => chmod(artifacts, 0o755);
    },
  });
});

/** The process group in the text of /proc/PID/stat: after the name in brackets come state, parent and group. */
function groupOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}
