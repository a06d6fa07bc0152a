import { describe, expect, it } from "vitest";
import { createComposeProject } from "./helpers/compose-project.ts";

/** The status of a GET, and the body's beginning. */
async function get(url: string): Promise<string> {
  const response = await fetch(url);
  return `${response.status} ${(await response.text()).slice(0, 2000)}`;
}

const experiments = "/api/2.0/mlflow/experiments/search?max_results=1";

describe("docker compose up --wait, without Bulkhead", () => {
  it("runs what init writes: newest Compose, classic builder", async () => {
    await using project = await createComposeProject("airflow-mlflow", "newest");
    const built = await project.compose("build");
    expect(built.stdout + built.stderr).toContain("Successfully built");
    await project.compose("up", "--wait");
    expect(await get(`${project.addressOf(8080)}/api/v2/monitor/health`)).toContain('"scheduler":{"status":"healthy"');
    expect(await get(project.addressOf(5000) + experiments)).toMatch(/^200 .*"name": *"Default"/s);
  });

  it("builds what init writes with BuildKit too", async () => {
    await using project = await createComposeProject("airflow-mlflow", "oldest");
    const built = await project.compose("build");
    expect(built.stdout + built.stderr).toContain("exporting to image");
    const inImage = (service: string, module: string): Promise<unknown> =>
      project.compose("run", "--rm", "--no-deps", "--entrypoint", "python", service, "-c", `import ${module}`);
    await inImage("mlflow", "psycopg2");
    await inImage("airflow-migrate", "mlflow");
  });

  it("runs the article's repaired stack: oldest Compose, BuildKit", async () => {
    await using project = await createComposeProject("article-after", "oldest");
    const built = await project.compose("build");
    expect(built.stdout + built.stderr).toContain("exporting to image");
    await project.compose("up", "--wait");
    expect(await get(`${project.addressOf(8080)}/health`)).toMatch(/"scheduler": ?\{[^}]*"status": ?"healthy"/);
    expect(await get(project.addressOf(5000) + experiments)).toMatch(/^200 .*"name": *"Default"/s);
  });
});
