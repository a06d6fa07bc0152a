import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";

it("Compose names the circle that dependency-cycle announces", async (context) => {
  for (const fixture of ["bad", "bad-itself"]) {
    await using project = await provokeProject("dependency-cycle", fixture);
    expect(project.consequences).toHaveLength(1);
    expect(project.compose(context, "config", "-q")).toContain(project.consequences[0]);
  }
});
