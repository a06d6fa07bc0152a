import { defineSignature } from "../../signature.ts";

export const portTaken = defineSignature({
  id: "port-taken",
  group: "host",
  kind: "fault",
  confidence: "certain",
  marks: [
    "port is already allocated",
    "address already in use",
    "Address already in use",
    "ports are not available",
    "Connection in use",
  ],
  patterns: [
    /Bind for (?<address>[\d.:[\]]+):(?<port>\d+) failed: port is already allocated/,
    /(?:listen|bind)[^:]*(?:: .*?)?:(?<port>\d+): bind: address already in use/,
    /ports are not available: .*?:(?<port>\d+)(?: ->|:)/,
    /Connection in use: \('(?<address>[^']+)', (?<port>\d+)\)/,
    /\[Errno 98\] error while attempting to bind on address \('(?<address>[^']+)', (?<port>\d+)\)/,
    /port is already allocated/,
  ],
  what: "port {port|of a service} is taken on this machine",
  why: "Another program or project publishes the same host port: often a PostgreSQL of the host on 5432, another Airflow on 8080, AirPlay on 5000 on a Mac.",
  cure: [
    { say: "See who has it", run: "ss -ltnp" },
    { say: "Publish another host port (the left number), or let Bulkhead choose", run: "bulkhead up --auto-ports" },
  ],
  keepsDown: true,
  sources: ["https://github.com/astronomer/astro-cli/issues/128"],
  examples: [
    "Error response from daemon: driver failed programming external connectivity on endpoint x-postgres-1: Bind for 0.0.0.0:5432 failed: port is already allocated",
    "airflow-webserver-1 | [2026-11-23 06:37:58 +0000] [21] [ERROR] Connection in use: ('0.0.0.0', 8080)",
    "Error response from daemon: failed to set up container networking: driver failed programming external connectivity: failed to bind host port for 0.0.0.0:5000: listen tcp4 0.0.0.0:5000: bind: address already in use",
  ],
  lookalikes: ["airflow-webserver-1 | [2026-11-23 06:37:58 +0000] [21] [INFO] Listening at: http://0.0.0.0:8080 (21)"],
});
