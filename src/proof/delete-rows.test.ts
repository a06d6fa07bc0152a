import { describe, expect, it } from "vitest";
import { planDeletion, type ForeignKey } from "./delete-rows.ts";

const key = (child: string, childColumn: string, parent: string, parentColumn: string): ForeignKey => ({
  child,
  childColumns: [childColumn],
  parent,
  parentColumns: [parentColumn],
});

describe("planDeletion", () => {
  it("deletes what depends on rows before the rows", () => {
    const keys = [
      key("runs", "experiment_id", "experiments", "experiment_id"),
      key("params", "run_uuid", "runs", "run_uuid"),
    ];
    expect(planDeletion(keys, "experiments", "name = 'x'")).toEqual([
      `delete from params where ("run_uuid") in (select "run_uuid" from runs where ("experiment_id") in (select "experiment_id" from experiments where name = 'x'))`,
      `delete from runs where ("experiment_id") in (select "experiment_id" from experiments where name = 'x')`,
      "delete from experiments where name = 'x'",
    ]);
  });

  it("ends at a table that depends on itself, and joins keys of several columns", () => {
    const keys: ForeignKey[] = [
      key("dag", "parent_id", "dag", "dag_id"),
      { child: "xcom", childColumns: ["dag_id", "run_id"], parent: "dag", parentColumns: ["dag_id", "run"] },
    ];
    expect(planDeletion(keys, "dag", "true")).toEqual([
      `delete from xcom where ("dag_id", "run_id") in (select "dag_id", "run" from dag where true)`,
      "delete from dag where true",
    ]);
  });

  it("keeps odd names whole", () => {
    expect(planDeletion([key("b", 'a"b', "a", "id")], "a", "true")[0]).toContain('("a""b")');
  });
});
