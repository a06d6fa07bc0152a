import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";

it("Compose says what env-file-missing announces", async (context) => {
  await using project = await provokeProject("env-file-missing", "bad");
  expect(project.consequences).toHaveLength(1);
  expect(project.compose(context, "config", "-q")).toContain(project.consequences[0]);
});
