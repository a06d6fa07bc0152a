import { defineSignature } from "../../signature.ts";

export const dagImportFailed = defineSignature({
  id: "dag-import-failed",
  group: "airflow",
  kind: "fault",
  confidence: "certain",
  marks: ["Broken DAG:", "Failed to import:"],
  patterns: [
    /Broken DAG: \[(?<file>[^\]]+)\].*?No module named '(?<module>[^']+)'/,
    /Broken DAG: \[(?<file>[^\]]+)\]/,
    /Failed to import: (?<file>\S+)/,
  ],
  what: "the DAG file {file} cannot be imported",
  why: "The file raises an error when it is read, most often because a package it imports is not in the image. Airflow drops its DAGs until it can be read.",
  cure: [
    { say: "See the errors of all files", run: "bulkhead exec {service} airflow dags list-import-errors" },
    { say: "Install what is missing in an image of your own, with the release's constraints file", run: "bulkhead up" },
  ],
  sources: ["https://github.com/puckel/docker-airflow/issues/592"],
  examples: [
    "airflow-webserver-1 | Broken DAG: [/opt/airflow/dags/train.py] Traceback (most recent call last): ModuleNotFoundError: No module named 'sklearn'",
    "airflow-scheduler-1 | [2026-11-23T06:37:58.902+0000] {dagbag.py:346} ERROR - Failed to import: /opt/airflow/dags/train.py",
  ],
  lookalikes: ["airflow-scheduler-1 | INFO - Filling up the DagBag from /opt/airflow/dags/train.py"],
});
