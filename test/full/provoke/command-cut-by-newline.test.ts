import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, type TestContext } from "vitest";
import { requireOracle, runCompose } from "../../helpers/compose-oracle.ts";
import { provokeProject, type ProvokedProject } from "../../helpers/provoke.ts";
import { requestFor } from "../../helpers/request-for.ts";
import { fixFixture } from "../../helpers/rule-fixture.ts";

const programs = `airflow() { printf '%s ' "airflow $#"; }\nmlflow() { printf '%s ' "mlflow $#"; }\npip() { :; }\nexport -f airflow mlflow pip\n`;

it("the shell says what command-cut-by-newline announces, and nothing any more after the fix", async (context) => {
  const article = await readFile(
    join(import.meta.dirname, "../../fixtures/compose/article-commands/compose.yaml"),
    "utf8",
  );
  await using project = await provokeProject("command-cut-by-newline", { "compose.yaml": article });
  expect(project.consequences).toHaveLength(2);
  const before = runScripts(context, project);
  for (const line of project.consequences) expect(before).toContain(line);
  const { files } = fixFixture(project.path, "command-cut-by-newline");
  for (const { file, bytes } of files) await writeFile(file, bytes);
  expect(runScripts(context, project)).not.toContain("not found");
});

/** Runs every script as the real Compose hands it to `bash -c`, with the applications' names as functions. */
function runScripts(context: TestContext, project: ProvokedProject): string {
  const answer = runCompose(requireOracle(context), requestFor({ cwd: project.path }), "json");
  if ("refused" in answer) throw new Error(answer.refused);
  const { services } = JSON.parse(answer.output) as { services: Record<string, { command?: string[] }> };
  return Object.values(services)
    .map(({ command }) => command ?? [])
    .filter(([shell]) => shell === "bash")
    .map(([, flag = "", script = ""]) =>
      project.run(["/bin/bash", "-c", `${programs}exec /bin/bash "$@"`, "bash", flag, script.replaceAll("$$", "$")], {
        PATH: "/nonexistent",
      }),
    )
    .join("\n");
}
