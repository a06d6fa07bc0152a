import { defineSignature } from "../../signature.ts";

export const airflowMigrated = defineSignature({
  id: "airflow-migrated",
  group: "facts",
  kind: "fact",
  confidence: "certain",
  marks: ["Database migrating done!", "Database migration done!"],
  patterns: [/Database migrat(?:ing|ion) done!/],
  what: "Airflow's migration finished",
  why: "What was missing before it is there now.",
  cure: [],
  sources: ["airflow/cli/commands/db_command.py"],
  examples: ["airflow-init-1 | Database migrating done!"],
  lookalikes: ["airflow-init-1 | DB: postgresql+psycopg2://airflow:***@postgres/airflow"],
});
