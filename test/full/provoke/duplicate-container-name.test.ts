import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";

it("Compose says what duplicate-container-name announces", async (context) => {
  await using project = await provokeProject("duplicate-container-name", "bad");
  expect(project.consequences).toHaveLength(1);
  expect(project.compose(context, "config", "-q")).toContain(project.consequences[0]);
});
