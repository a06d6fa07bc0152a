import { describe, expect, it } from "vitest";
import { airflowReleases } from "./airflow/versions.ts";
import { findRelease } from "./find-release.ts";
import { mlflowReleases } from "./mlflow/versions.ts";
import type { Revision } from "./release-table.ts";

/** What MLflow's first revision finds: its store creates these before the history begins. */
const mlflowInitial = {
  experiments: "experiment_id name artifact_location lifecycle_stage",
  metrics: "key value timestamp run_uuid",
  params: "key value run_uuid",
  runs:
    "run_uuid name source_type source_name entry_point_name user_id status start_time end_time source_version " +
    "lifecycle_stage artifact_uri experiment_id",
  tags: "key value run_uuid",
};

/** The tables a database has after these revisions, by what they tell. */
function tablesAfter(revisions: readonly Revision[], initial: Readonly<Record<string, string>> = {}) {
  const tables = new Map(Object.entries(initial).map(([table, columns]) => [table, new Set(columns.split(" "))]));
  const columns = (table: string) => tables.get(table) ?? new Set<string>();
  for (const change of revisions.flatMap((revision) => revision.changes)) {
    if (change.kind === "create-table") tables.set(change.table, new Set(change.columns));
    else if (change.kind === "add-column") tables.set(change.table, columns(change.table).add(change.column));
    else if (change.kind === "drop-column") columns(change.table).delete(change.column);
    else if (change.kind === "rename-column") {
      columns(change.table).delete(change.column);
      columns(change.table).add(change.to);
    } else if (change.kind !== "alter-column") {
      if (change.kind === "rename-table") tables.set(change.to, columns(change.table));
      tables.delete(change.table);
    }
  }
  return tables;
}

// What stands here was counted in databases that these releases migrated themselves, on PostgreSQL.
describe("the changes of a release's revisions", () => {
  it("make MLflow 2.7.1's tables", () => {
    const tables = tablesAfter(findRelease(mlflowReleases, "2.7.1").revisions, mlflowInitial);
    expect([...tables.keys()].toSorted().join(" ")).toBe(
      "datasets experiment_tags experiments input_tags inputs latest_metrics metrics model_version_tags model_versions " +
        "params registered_model_aliases registered_model_tags registered_models runs tags",
    );
    expect([...(tables.get("metrics") ?? [])].toSorted().join(" ")).toBe("is_nan key run_uuid step timestamp value");
  });

  it("make MLflow 3.17.2's 64 tables and their 492 columns", () => {
    const tables = tablesAfter(findRelease(mlflowReleases, "3.17.2").revisions, mlflowInitial);
    expect(tables.size).toBe(64);
    expect([...tables.values()].reduce((sum, columns) => sum + columns.size, 0)).toBe(492);
  });

  it("make Airflow 2.7.0's tables", () => {
    const tables = tablesAfter(findRelease(airflowReleases, "2.7.0").revisions);
    expect([...tables.keys()].toSorted().join(" ")).toBe(
      "ab_permission ab_permission_view ab_permission_view_role ab_register_user ab_role ab_user ab_user_role " +
        "ab_view_menu callback_request connection dag dag_code dag_owner_attributes dag_pickle dag_run dag_run_note " +
        "dag_schedule_dataset_reference dag_tag dag_warning dagrun_dataset_event dataset dataset_dag_run_queue " +
        "dataset_event import_error job log log_template rendered_task_instance_fields serialized_dag session " +
        "sla_miss slot_pool task_fail task_instance task_instance_note task_map task_outlet_dataset_reference " +
        "task_reschedule trigger variable xcom",
    );
  });

  it("make Airflow 3.3.2's tables, and the leftover an upgrade from 2.x has", () => {
    const tables = tablesAfter(findRelease(airflowReleases, "3.3.2").revisions);
    const users = [...tables.keys()].filter((table) => table.startsWith("ab_"));
    expect(users.length).toBe(8);
    expect(tables.delete("_xcom_archive")).toBe(true);
    expect(tables.size - users.length).toBe(57);
    expect([...(tables.get("slot_pool") ?? [])].toSorted().join(" ")).toBe(
      "description id include_deferred pool slots team_name",
    );
  });
});
