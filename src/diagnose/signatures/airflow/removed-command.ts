import { defineSignature } from "../../signature.ts";

export const removedCommand = defineSignature({
  id: "removed-command",
  group: "airflow",
  kind: "fault",
  confidence: "certain",
  marks: ["has been removed. Please use"],
  patterns: [/Command [`'](?<command>[^`']+)[`'] has been removed\. Please use [`'](?<replacement>[^`']+)[`']/],
  what: "{service|a service} runs `{command}`, which this release of Airflow no longer has",
  why: "Airflow 3 removed commands that Airflow 2 had. The line names the one to use.",
  cure: [
    {
      say: "Change the command in the Compose file",
      run: "bulkhead check --fix=behaviour --rule airflow-removed-command",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/pull/47131"],
  examples: [
    "airflow-webserver-1 | airflow command error: argument GROUP_OR_COMMAND: Command `airflow webserver` has been removed. Please use `airflow api-server`, see help above.",
    "airflow-init-1 | Command `airflow db init` has been removed. Please use `airflow db migrate`",
  ],
  lookalikes: ["airflow-init-1 | DeprecationWarning: `db init` is deprecated. Use `db migrate` instead"],
});
