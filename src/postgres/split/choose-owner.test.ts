import { expect, it } from "vitest";
import type { OwnerId } from "../database-verdict.ts";
import { chooseOwner } from "./choose-owner.ts";
import type { SplitFacts } from "./split-facts.ts";

const owned = (owner: string, ...keys: string[]) => keys.map((key) => ({ key, owner }));
const sides = new Map<string, ReadonlySet<OwnerId>>([
  ["dag", new Set<OwnerId>(["airflow"])],
  ["runs", new Set<OwnerId>(["mlflow"])],
  ["tags", new Set<OwnerId>(["mlflow"])],
]);
const choose = (databaseOwner: string, objects: readonly { key: string; owner: string }[], role?: string) =>
  chooseOwner(
    { database: { owner: databaseOwner }, objects } as unknown as SplitFacts,
    { sides },
    { part: "mlflow", role },
  );

it.each([
  ["the role that was made for it", choose("airflow", owned("airflow", "dag", "runs"), "mlflow"), "mlflow"],
  ["the owner of before, who owns its tables too", choose("apps", owned("apps", "dag", "runs", "tags")), "apps"],
  ["the owner of before, who owns no table at all", choose("admin", owned("airflow", "dag")), "admin"],
  [
    "not the other application's role",
    choose("airflow", [...owned("airflow", "dag"), ...owned("mlflow", "runs")]),
    "mlflow",
  ],
  [
    "who owns most of it",
    choose("airflow", [
      ...owned("airflow", "dag"),
      ...owned("x", "runs"),
      ...owned("mlflow", "tags"),
      ...owned("mlflow", "dag"),
    ]),
    "x",
  ],
])("is %s", (_, owner, wanted) => {
  expect(owner).toBe(wanted);
});
