import { describe, expect, it } from "vitest";
import { tablesAtRevision } from "../../test/helpers/picture-at-revision.ts";
import { airflowHistory } from "../catalog/airflow/history.ts";
import { mlflowAuthHistory, mlflowHistory } from "../catalog/mlflow/history.ts";
import type { TablePicture } from "./database-picture.ts";
import { fingerprintRevision } from "./fingerprint-revision.ts";

const airflow = airflowHistory();
const mlflow = mlflowHistory();
const at = (id: string) => airflow.revisions.indexOf(id);

const without = (tables: readonly TablePicture[], table: string, column: string) =>
  tables.map((one) =>
    one.name === table ? { ...one, columns: one.columns.filter(({ name }) => name !== column) } : one,
  );

describe("fingerprintRevision", () => {
  it.each([
    ["airflow", airflow],
    ["mlflow", mlflow],
    ["mlflow-auth", mlflowAuthHistory()],
  ])(
    "tells every revision of %s, or one that looks the same before it",
    (_, history) => {
      const wrong = history.revisions.filter((id, index) => {
        const { revision, alsoFits, outOfOrder } = fingerprintRevision(history, tablesAtRevision(history, index));
        return (revision !== id && !alsoFits.includes(id)) || outOfOrder.length > 0;
      });
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it("tells apart what only an index, a constraint's action or a type tells", () => {
    for (const id of ["5f2621c13b39", "bff083ad727d", "1949afb29106"]) {
      expect(fingerprintRevision(airflow, tablesAtRevision(airflow, at(id))).revision).toBe(id);
    }
    for (const id of ["5b0e9adcef9c", "0584bdc529eb", "f5a4f2784254", "bd07f7e963c5"]) {
      const { revision } = fingerprintRevision(mlflow, tablesAtRevision(mlflow, mlflow.revisions.indexOf(id)));
      expect(revision).toBe(id);
    }
  });

  it("names the later ones that nothing visible tells apart", () => {
    // 90e64c465722 copies rows, 4465047574b1 is for MySQL.
    const found = ["451aebb31d03", "5b0e9adcef9c"].map((id) =>
      fingerprintRevision(mlflow, tablesAtRevision(mlflow, mlflow.revisions.indexOf(id))),
    );
    expect(found.map(({ alsoFits }) => alsoFits)).toEqual([["90e64c465722"], ["4465047574b1"]]);
  });

  it("gives no revision to what there was before the first one", () => {
    expect(fingerprintRevision(mlflow, tablesAtRevision(mlflow, -1))).toEqual({
      revision: undefined,
      alsoFits: [],
      couldBe: [],
      outOfOrder: [],
      contradictions: [],
      unknownColumns: [],
    });
  });

  it("shows marks out of order instead of guessing", () => {
    const head = tablesAtRevision(airflow, at("22ed7efa9da2"));
    const found = fingerprintRevision(airflow, without(head, "dag_run", "clear_number"));
    expect(found.revision).toBeUndefined();
    expect(found.contradictions).toEqual(["column dag_run.clear_number of 375a816bbbf4 is missing"]);
    expect(found.outOfOrder).toContain("22ed7efa9da2");
    expect(found.outOfOrder).not.toContain("405de8318b3a");
  });

  it("tells the tables of a newer release that were made beside older ones", () => {
    const old = tablesAtRevision(airflow, at("405de8318b3a"));
    const names = new Set(old.map(({ name }) => name));
    const newer = tablesAtRevision(airflow, at("5f2621c13b39")).filter(({ name }) => !names.has(name));
    const found = fingerprintRevision(airflow, [...old, ...newer]);
    expect(found.revision).toBeUndefined();
    expect(found.contradictions).toContain("column dag_run.clear_number of 375a816bbbf4 is missing");
    expect(found.outOfOrder).toContain("05e19f3176be");
  });

  it("is not misled by what people add, and names it", () => {
    const tables = tablesAtRevision(airflow, at("405de8318b3a")).map((table) =>
      table.name === "dag"
        ? {
            ...table,
            indexes: [...table.indexes, "our_index"],
            columns: [...table.columns, { name: "cost_center", type: "text", nullable: true }],
          }
        : table,
    );
    expect(fingerprintRevision(airflow, tables)).toMatchObject({
      revision: "405de8318b3a",
      alsoFits: [],
      unknownColumns: ["dag.cost_center"],
    });
  });

  it("says what it could be had nobody changed an index", () => {
    const index = mlflow.revisions.indexOf("a5b4c3d2e1f0");
    const tables = tablesAtRevision(mlflow, index).map((table) => ({ ...table, indexes: [] }));
    const { couldBe, outOfOrder } = fingerprintRevision(mlflow, tables);
    expect(couldBe).toEqual(["c3d6457b6d8a", "a5b4c3d2e1f0"]);
    expect(outOfOrder).toEqual([]);
  });
});
