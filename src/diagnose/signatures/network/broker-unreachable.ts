import { defineSignature } from "../../signature.ts";

export const brokerUnreachable = defineSignature({
  id: "broker-unreachable",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["connecting to redis", "connecting to broker", "Cannot connect to redis", "Cannot connect to amqp"],
  patterns: [
    /Error (?<code>-?\d+) connecting to (?<host>[\w.-]+):(?<port>\d+)/,
    /Cannot connect to (?<scheme>redis|amqp|sentinel)s?:\/\/(?:[^@\s/]*@)?(?<host>[\w.-]+):(?<port>\d+)/,
  ],
  what: "{service|a service} cannot reach the Celery broker {host}:{port}",
  why: "The CeleryExecutor hands tasks over through a broker. It is down, has another name, or is on another network.",
  follows: ["down"],
  endsWith: ["airflow-serving"],
  cure: [
    { say: "See whether the broker runs", run: "bulkhead ps --all" },
    {
      say: "Compare its name and network with what the services use",
      run: "bulkhead check --rule unknown-host --rule no-shared-network",
    },
  ],
  sources: ["https://github.com/apache/airflow/issues/14100"],
  examples: [
    "airflow-worker-1 | redis.exceptions.ConnectionError: Error -3 connecting to redis:6379. Temporary failure in name resolution.",
    "airflow-worker-1 | [2026-11-23 06:37:58,902: ERROR/MainProcess] consumer: Cannot connect to redis://redis:6379/0: Error 111 connecting to redis:6379. Connection refused..",
  ],
  lookalikes: ["airflow-worker-1 | [2026-11-23 06:37:58,902: INFO/MainProcess] Connected to redis://redis:6379/0"],
});
