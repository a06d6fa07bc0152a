import { describe, expect, it } from "vitest";
import { airflowReleases } from "./airflow/versions.ts";
import { airflowHistory } from "./airflow/history.ts";
import { mlflowAuthHistory, mlflowHistory } from "./mlflow/history.ts";
import { mlflowReleases } from "./mlflow/versions.ts";
import type { ReleaseTable } from "./release-table.ts";
import { holdsAt, schemaHistory, type SchemaHistory } from "./schema-history.ts";

const text = `[
["",["t runs","c runs id"],[]],
["a1",["c runs step","~t extra","c extra x","y runs step integer"],[]],
["b2",["y runs step big integer"],["y runs step integer"]],
["c3",[],["~t extra","c extra x"]]
]`;

describe("schemaHistory", () => {
  const history = schemaHistory(text);
  const fact = (key: string) => history.facts.find((one) => one.key === key);

  it("reads revisions without what was before the first", () => {
    expect(history.revisions).toEqual(["a1", "b2", "c3"]);
    expect(fact("t runs")).toEqual({
      kind: "table",
      key: "t runs",
      table: "runs",
      name: "",
      isSure: true,
      turns: [-1],
    });
  });

  it("tells from when to when a fact holds", () => {
    const holds = (key: string) => [-1, 0, 1, 2].filter((at) => holdsAt(fact(key) ?? { turns: [] }, at));
    expect(holds("c runs id")).toEqual([-1, 0, 1, 2]);
    expect(holds("y runs step integer")).toEqual([0]);
    expect(holds("y runs step big integer")).toEqual([1, 2]);
    expect(holds("t extra")).toEqual([0, 1]);
  });

  it("marks what proves nothing, and keeps every column a table ever had", () => {
    expect(fact("t extra")?.isSure).toBe(false);
    expect([...(history.columns.get("extra") ?? [])]).toEqual(["x"]);
  });
});

/** Revisions of known releases that the history does not have, or has before one they follow. */
function strays(history: SchemaHistory, releases: ReleaseTable, chain: "revisions" | "authRevisions") {
  const place = (id: string) => history.revisions.indexOf(id);
  return releases.versions.flatMap((version) =>
    (releases.release(version)?.[chain] ?? [])
      // It stands for all that was before Airflow 2.6.2.
      .filter(({ id }) => id !== "4bc4d934e2bc")
      .filter(({ id, parents }) => place(id) < 0 || parents.some((parent) => place(parent) >= place(id)))
      .map(({ id }) => `${id} of ${version}`),
  );
}

describe("the histories", () => {
  it.each([
    ["airflow", airflowHistory(), airflowReleases, "revisions"],
    ["mlflow", mlflowHistory(), mlflowReleases, "revisions"],
    ["mlflow-auth", mlflowAuthHistory(), mlflowReleases, "authRevisions"],
  ] as const)(
    "of %s has the revisions of every known release, each after those it follows",
    (_, history, releases, chain) => {
      expect(strays(history, releases, chain)).toEqual([]);
    },
  );

  it("share one table's name: Airflow 1 had users too", () => {
    const airflow = airflowHistory().columns;
    const others = [...mlflowHistory().columns.keys(), ...mlflowAuthHistory().columns.keys()];
    expect(others.filter((table) => airflow.has(table))).toEqual(["users"]);
  });
});
