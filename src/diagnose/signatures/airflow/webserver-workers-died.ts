import { defineSignature } from "../../signature.ts";

export const webserverWorkersDied = defineSignature({
  id: "webserver-workers-died",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  marks: ["workers seem to have died and gunicorn", "No response from gunicorn master"],
  patterns: [
    /workers seem to have died and gunicorn did not restart them|No response from gunicorn master within (?<seconds>\d+) seconds/,
  ],
  what: "the webserver of {service|Airflow} gave up: its gunicorn workers do not come up in time",
  why: "Too little memory or CPU for the workers to start within web_server_master_timeout (120 s), or an error at their start, which then stands above.",
  follows: ["network", "postgres", "alembic", "host", "packages"],
  cure: [
    { say: "See what is used", run: "docker stats --no-stream; free -h" },
    {
      say: "Fewer workers or more time: AIRFLOW__WEBSERVER__WORKERS=2, AIRFLOW__WEBSERVER__WEB_SERVER_MASTER_TIMEOUT=300",
      run: "bulkhead up",
    },
  ],
  sources: ["https://github.com/apache/airflow/issues/13469"],
  examples: [
    "airflow-webserver-1 | [2026-11-23T06:37:58.902+0000] {webserver_command.py:220} ERROR - [0 / 0] Some workers seem to have died and gunicorn did not restart them as expected",
  ],
  lookalikes: ["airflow-webserver-1 | [2026-11-23 06:37:58 +0000] [21] [INFO] Handling signal: ttou"],
});
