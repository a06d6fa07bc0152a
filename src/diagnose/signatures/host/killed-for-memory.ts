import { defineSignature } from "../../signature.ts";

export const killedForMemory = defineSignature({
  id: "killed-for-memory",
  group: "host",
  kind: "fault",
  confidence: "likely",
  marks: [
    "exited with code 137",
    "OOMKilled",
    "Out of memory: Killed process",
    "signal 9",
    "SIGKILL",
    "status code 137",
    "exit code 137",
    "Killed process",
  ],
  patterns: [
    /(?<container>[\w.-]+) exited with code 137/,
    /OOMKilled(?!["':= ]*false)/,
    /Out of memory: Killed process \d+ \((?<program>[^)]+)\)/,
    /Worker \(pid:\d+\) was sent SIGKILL! Perhaps out of memory\?/,
    /(?:exit|status) code 137/,
    /Task exited with return code -?(?:9|SIGKILL)/,
    /terminated by signal 9|Negsignal\.SIGKILL/,
  ],
  what: "{service|a process} was killed, most likely for want of memory",
  why: "Code 137 is signal 9: the kernel ends what exceeds the container's memory limit, or the machine's. Airflow wants 4 GB for all its parts; Docker Desktop gives 2 to 8 GB to everything.",
  cure: [
    { say: "See what is used", run: "docker stats --no-stream; free -h" },
    {
      say: "Raise the limit, or run less at once: AIRFLOW__CORE__PARALLELISM, MLflow's --workers, MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false",
      run: "bulkhead up",
    },
  ],
  keepsDown: true,
  sources: ["https://github.com/apache/airflow/issues/22146"],
  examples: [
    "airflow-scheduler-1 exited with code 137",
    "airflow-webserver-1 | [2026-11-23 06:37:58 +0000] [21] [ERROR] Worker (pid:57) was sent SIGKILL! Perhaps out of memory?",
    "Nov 23 06:37:58 host kernel: Out of memory: Killed process 4711 (airflow)",
  ],
  lookalikes: ["airflow-init-1 exited with code 0", '"OOMKilled": false'],
});
