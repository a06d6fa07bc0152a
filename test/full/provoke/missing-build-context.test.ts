import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";

it("Compose says what missing-build-context announces, of a directory and of a Dockerfile", async (context) => {
  await using project = await provokeProject("missing-build-context", "bad");
  const [directory, dockerfile] = project.consequences;
  expect(project.compose(context, "build", "mlflow")).toContain(directory);
  expect(project.compose(context, "build", "airflow")).toContain(dockerfile);
});
