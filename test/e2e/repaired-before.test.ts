import { expect, it } from "vitest";
import { repairArticle } from "../helpers/repair-article.ts";
import { skipWithoutPython } from "../helpers/skip-without-python.ts";
import { createStackHome } from "../helpers/stack-home.ts";

it("the article's first stack as printed is refused, repaired by one command, started and proven", async (context) => {
  await skipWithoutPython(context, ["3.8", "3.9", "3.10", "3.11"]);
  await using home = await createStackHome();
  const { refusedFor, compose, states } = await repairArticle(home, "before", [":airflow@", "--password admin"]);

  expect(refusedFor).toEqual([
    "health-gate-without-healthcheck",
    "missing-password",
    "host-is-not-a-database",
    "command-cut-by-newline",
    "command-cut-by-newline",
  ]);
  // The author's remarks stay, but for the one on the line that went.
  expect(compose).toContain("  postgres:  # ❌ 두 서비스가 같은 DB 공유\n");
  expect(compose).toContain("      # ❌ 잘못된 호스트명\n");
  expect(states).toEqual({
    airflow: "ready",
    "airflow-scheduler": "ready",
    mlflow: "ready",
    postgres: "ready",
    "postgres-mlflow": "ready",
  });
});
