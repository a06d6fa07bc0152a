import { expect, it } from "vitest";
import { repairArticle } from "../helpers/repair-article.ts";
import { skipWithoutPython } from "../helpers/skip-without-python.ts";
import { createStackHome } from "../helpers/stack-home.ts";

it("the article's second stack as printed is refused, repaired by one command, started and proven", async (context) => {
  await skipWithoutPython(context, ["3.8", "3.9", "3.10", "3.11"]);
  await using home = await createStackHome();
  const passwords = [":airflow@", ":mlflow@", "--password admin"];
  const { printed, refusedFor, compose, states } = await repairArticle(home, "after", passwords);

  expect(refusedFor).toEqual(["command-cut-by-newline", "command-cut-by-newline"]);
  // Every remark of the author is still there, and none of the commands is cut any more.
  const remarks = [...printed.matchAll(/# ✅.*/g)].map(([remark]) => remark);
  expect(remarks).toHaveLength(7);
  expect(remarks.filter((remark) => !compose.includes(remark))).toEqual([]);
  expect(compose).toContain("airflow users create \\\\\n          --username admin \\\\\n");
  expect(compose).not.toContain("mlflow db upgrade");
  expect(states).toEqual({
    "airflow-scheduler": "ready",
    "airflow-webserver": "ready",
    mlflow: "ready",
    postgres: "ready",
    "postgres-mlflow": "ready",
  });
});
