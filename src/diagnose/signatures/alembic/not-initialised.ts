import { defineSignature } from "../../signature.ts";

export const notInitialised = defineSignature({
  id: "not-initialised",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: [
    "You need to initialize the database",
    "You need to upgrade the database",
    "You need to migrate the database",
    "Database migration required. Please run",
  ],
  patterns: [
    /You need to (?<action>initialize|upgrade|migrate) the database/,
    /Database migration required\. Please run `airflow db migrate`/,
  ],
  what: "{service|a service} started before Airflow's database was migrated",
  why: "Airflow's components do not make the tables; `airflow db migrate` does (`db init` and `db upgrade` before 2.7). It has to finish before they start.",
  follows: ["alembic", "network", "postgres", "packages", "host"],
  endsWith: ["airflow-serving"],
  cure: [
    {
      say: "Add the job that migrates and let the others wait for it",
      run: "bulkhead check --fix=behaviour --rule migration-missing --rule migration-not-awaited",
    },
    { say: "Or migrate once now", run: "bulkhead exec {service} airflow db migrate" },
  ],
  part: "database",
  sources: ["airflow/utils/db.py", "airflow/cli/commands (db check)"],
  examples: [
    "airflow-scheduler-1  | 2026-11-23T13:21:54.143235Z [error    ] Database migration required. Please run `airflow db migrate`. Make sure the command is run using Airflow version 3.3.2. [airflow.utils.db] loc=db.py:997",
    "airflow-webserver-1  | ERROR: You need to initialize the database. Please run `airflow db init`. Make sure the command is run using Airflow version 2.7.0.",
    "airflow-webserver-1  | ERROR: You need to upgrade the database. Please run `airflow db upgrade`. Make sure the command is run using Airflow version 2.6.3.",
  ],
  lookalikes: ["airflow-init-1  | [2026-11-23T06:37:58.902+0000] {db.py:1616} INFO - Creating tables"],
});
