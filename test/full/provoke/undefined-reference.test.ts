import { expect, it } from "vitest";
import { provokeProject } from "../../helpers/provoke.ts";

const references = {
  service: "depends_on: [nowhere]",
  network: "networks: [nowhere]",
  volume: "volumes: ['nowhere:/data']",
  secret: "secrets: [nowhere]",
  config: "configs: [nowhere]",
};

it("Compose says what undefined-reference announces, for all that can be referred to", async (context) => {
  for (const [what, written] of Object.entries(references)) {
    const text = `services:\n  web:\n    image: nginx:1.27\n    ${written}\n`;
    await using project = await provokeProject("undefined-reference", { "compose.yaml": text });
    expect(project.consequences, what).toHaveLength(1);
    expect(project.compose(context, "config", "-q")).toContain(project.consequences[0]);
  }
});

it("Compose says it also of a service whose profile is not active", async (context) => {
  const text = "services:\n  web: { image: nginx, depends_on: [off] }\n  off: { image: nginx, profiles: [off] }\n";
  await using project = await provokeProject("undefined-reference", { "compose.yaml": text });
  expect(project.consequences).toHaveLength(1);
  expect(project.compose(context, "config", "-q")).toContain(project.consequences[0]);
});
