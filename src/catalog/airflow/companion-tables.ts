/**
 * Tables that belong to Airflow and are not in its own history, with columns they always have: Celery's results, the Edge
 * provider's, those the FAB provider adds for Airflow 3.
 */
export const airflowCompanionTables: ReadonlyMap<string, readonly string[]> = new Map([
  ["celery_taskmeta", ["task_id", "status", "result", "date_done", "traceback"]],
  ["celery_tasksetmeta", ["taskset_id", "result", "date_done"]],
  ["edge_job", ["dag_id", "task_id", "run_id", "state", "queue"]],
  ["edge_logs", ["dag_id", "task_id", "run_id", "log_chunk_data"]],
  ["edge_worker", ["worker_name", "state", "last_update"]],
  ["ab_group", ["id", "name", "label"]],
  ["ab_group_role", ["group_id", "role_id"]],
  ["ab_user_group", ["user_id", "group_id"]],
]);

/** Celery's two: they exist where CeleryExecutor keeps its results in the same database. */
export const celeryTables: readonly string[] = ["celery_taskmeta", "celery_tasksetmeta"];

/** What an upgrade puts aside (airflow/utils/db.py, AIRFLOW_MOVED_TABLE_PREFIX). */
export const airflowLeftover = /^_airflow_moved__|^_xcom_archive$/;
