import { defineSignature } from "../../signature.ts";

export const usersCommandMissing = defineSignature({
  id: "users-command-missing",
  group: "airflow",
  kind: "fault",
  confidence: "certain",
  marks: ["invalid choice: 'users'"],
  patterns: [/invalid choice: 'users'/],
  what: "{service|a service} runs `airflow users`, which this Airflow does not have with its default auth manager",
  why: "Airflow 3's SimpleAuthManager has no users in the database. The command comes with the FAB provider's manager.",
  cure: [
    {
      say: "Install apache-airflow-providers-fab and set AIRFLOW__CORE__AUTH_MANAGER to its FabAuthManager",
      run: "bulkhead check --fix=behaviour --rule airflow-removed-command",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/51304"],
  examples: [
    "airflow-init-1 | airflow command error: argument GROUP_OR_COMMAND: invalid choice: 'users' (choose from 'api-server', 'assets', 'backfill'), see help above.",
  ],
  lookalikes: [
    "airflow-init-1 | airflow command error: argument GROUP_OR_COMMAND: invalid choice: 'webserver' (choose from 'api-server')",
  ],
});
