import { defineSignature } from "../../signature.ts";

export const commandOfOtherMajor = defineSignature({
  id: "command-of-other-major",
  group: "airflow",
  kind: "fault",
  confidence: "certain",
  marks: ["argument GROUP_OR_COMMAND: invalid choice:", "argument COMMAND: invalid choice:"],
  patterns: [
    /argument GROUP_OR_COMMAND: invalid choice: '(?<command>(?!users')[^']+)'/,
    /airflow (?<group>[\w-]+) command error: argument COMMAND: invalid choice: '(?<command>[^']+)'/,
  ],
  what: "{service|a service} runs `{command}`, which Airflow does not have in this release",
  why: "The command is of another major version (webserver became api-server in 3.0), or a provider that brings it is not installed.",
  cure: [
    {
      say: "Change the command in the Compose file",
      run: "bulkhead check --fix=behaviour --rule airflow-removed-command",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/pull/47131"],
  examples: [
    "airflow-init-1 | airflow db command error: argument COMMAND: invalid choice: 'init' (choose from 'check', 'check-migrations', 'clean', 'downgrade', 'drop-archived', 'export-archived', 'migrate', 'reset', 'shell'), see help above.",
    "airflow-webserver-1 | airflow command error: argument GROUP_OR_COMMAND: invalid choice: 'webserver' (choose from 'api-server', 'assets'), see help above.",
  ],
  lookalikes: [
    "airflow-init-1 | airflow command error: argument GROUP_OR_COMMAND: invalid choice: 'users' (choose from 'api-server')",
  ],
});
