import { defineSignature } from "../../signature.ts";

export const logHostMisread = defineSignature({
  id: "log-host-misread",
  group: "airflow",
  kind: "fault",
  confidence: "certain",
  marks: ["Invalid IPv4 address: '"],
  patterns: [/(?:httpx\.InvalidURL|Could not read served logs): Invalid IPv4 address: '(?<host>[0-9a-f]{12})'/],
  what: "{service|the webserver} cannot fetch task logs from the container {host}: httpx takes its id for an IPv4 address",
  why: "Airflow asks the container that ran a task for its log by host name, which is the container's id unless the file says otherwise. httpx 0.24.0 to 0.25.0, of Airflow 2.6.0 to 2.7.2, refuses one id in nine.",
  cure: [
    {
      say: "Keep the logs of all components in one volume, where the webserver reads them itself",
      run: "bulkhead check --fix=behaviour --rule airflow-local-logs-unreachable",
    },
    { say: "Or give the service that runs tasks a `hostname` of its own" },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/encode/httpx/blob/0.24.1/httpx/_urlparse.py"],
  examples: [
    "airflow-webserver-1 | httpx.InvalidURL: Invalid IPv4 address: '029a5d3388b8'",
    "airflow-webserver-1 | *** Could not read served logs: Invalid IPv4 address: '029a5d3388b8'",
  ],
  lookalikes: ["app-1 | httpx.InvalidURL: Invalid IPv4 address: '999.999.999.999'"],
});
