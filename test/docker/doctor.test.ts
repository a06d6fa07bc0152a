import { it } from "vitest";
import { expectFaultsTold, spoilExample, storyServices } from "../helpers/doctor-story.ts";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { dockerOutput } from "./helpers/docker.ts";
import { containersOf } from "./helpers/stories.ts";

it("each fault of a stack in containers is told with its cure, and nothing else is", async () => {
  await using project = await createBulkheadProject("airflow-mlflow");
  await spoilExample(project.directory);
  await project.succeed("up", "--no-check", ...storyServices);
  const containers = await containersOf(project);
  const remount = (how: string) =>
    dockerOutput([
      "exec",
      "--privileged",
      "--user",
      "0",
      containers["mlflow"] ?? "",
      "mount",
      "-o",
      `remount,bind,${how}`,
      "/mlflow/artifacts",
    ]);
  await expectFaultsTold({
    directory: project.directory,
    env: { ...(process.env as Record<string, string>), ...project.env },
    run: (...args) => project.bulkhead(...args),
    freeze: async (service) => {
      const id = containers[service] ?? "";
      await dockerOutput(["pause", id]);
      return async () => void (await dockerOutput(["unpause", id]));
    },
    lockArtifacts: async () => {
      await remount("ro");
      return async () => void (await remount("rw"));
    },
  });
});
