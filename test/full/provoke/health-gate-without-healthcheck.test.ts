import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startAnsweringEngine } from "../../helpers/answering-engine.ts";
import { requireOracle } from "../../helpers/compose-oracle.ts";
import { provokeProject } from "../../helpers/provoke.ts";

it("Compose says what health-gate-without-healthcheck announces", async (context) => {
  const compose = join(requireOracle(context), "docker-compose");
  for (const fixture of ["bad", "bad-disabled"]) {
    await using project = await provokeProject("health-gate-without-healthcheck", fixture);
    await using engine = await startAnsweringEngine();
    expect(project.consequences).toHaveLength(1);
    const env = { HOME: project.path, DOCKER_HOST: engine.host };
    expect(await runToEnd(compose, ["up", "-d"], project.path, env)).toContain(project.consequences[0]);
  }
});

function runToEnd(program: string, args: readonly string[], cwd: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout: 600_000 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}
