import { expect, it } from "vitest";
import { repairArticle } from "../helpers/repair-article.ts";
import { skipWithoutPython } from "../helpers/skip-without-python.ts";
import { createStackHome } from "../helpers/stack-home.ts";

it("the article's first stack is repaired on the server it has, started and proven", async (context) => {
  await skipWithoutPython(context, ["3.8", "3.9", "3.10", "3.11"]);
  await using home = await createStackHome();
  const passwords = [":airflow@", "--password admin"];
  const { compose, states } = await repairArticle(home, "before", passwords, ["--same-server"]);
  expect(compose).toContain("  postgres:  # ❌ 두 서비스가 같은 DB 공유\n");
  expect(states).toEqual({
    airflow: "ready",
    "airflow-scheduler": "ready",
    mlflow: "ready",
    postgres: "ready",
    "postgres-mlflow-database": "completed",
  });
});
