import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";

it("Compose says what invalid-compose announces of an unknown key, of a service and deeper", async (context) => {
  for (const written of ["enviroment: { A: b }", "healthcheck: { tets: x }", "build: { contxt: . }"]) {
    const text = `services:\n  web:\n    image: nginx:1.27\n    ${written}\n`;
    await using project = await provokeProject("invalid-compose", { "compose.yaml": text });
    expect(project.consequences, written).toHaveLength(1);
    expect(project.compose(context, "config", "-q")).toContain(project.consequences[0]);
  }
});

it("Compose refuses every single fault that it announces", async (context) => {
  const faults = ["retries: many", "interval: soon", "test: [curl, x]"];
  for (const written of faults) {
    const text = `services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      ${written}\n`;
    await using project = await provokeProject("invalid-compose", { "compose.yaml": text });
    expect(project.findings, written).toHaveLength(1);
    expect(project.compose(context, "config", "-q"), written).not.toBe("");
  }
});
