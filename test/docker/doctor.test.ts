import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "vitest";
import { expectFaultsTold, spoilExample, storyServices } from "../helpers/doctor-story.ts";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { dockerOutput } from "./helpers/docker.ts";
import { containersOf } from "./helpers/stories.ts";

it("each fault of a stack in containers is told with its cure, and nothing else is", async () => {
  await using project = await createBulkheadProject("airflow-mlflow");
  await spoilExample(project.directory);
  // Without this its root writes where nobody may.
  const file = join(project.directory, "compose.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("\n  mlflow:\n", "\n  mlflow:\n    cap_drop: [DAC_OVERRIDE]\n"));
  await project.succeed("up", "--no-check", ...storyServices);
  const containers = await containersOf(project);
  const setMode = (mode: string) =>
    dockerOutput(["exec", containers["mlflow"] ?? "", "chmod", mode, "/mlflow/artifacts"]);
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
      await setMode("0555");
      return async () => void (await setMode("0755"));
    },
  });
});
