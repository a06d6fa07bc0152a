import { defineSignature } from "../../signature.ts";

export const proxyInTheWay = defineSignature({
  id: "proxy-in-the-way",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  marks: ["httpx.RemoteProtocolError", "httpx.ProxyError", "Unable to connect to proxy", "ProxyError("],
  patterns: [
    /httpx\.(?:RemoteProtocolError|ProxyError): (?<error>.+?)\s*$/,
    /ProxyError\('(?<error>Unable to connect to proxy|Cannot connect to proxy)/,
  ],
  what: "{service|a service} sends requests for another service to a proxy",
  why: "HTTP_PROXY is set and NO_PROXY does not name the services, so requests between containers leave the network.",
  cure: [
    {
      say: "Add the services' names, localhost and 127.0.0.1 to NO_PROXY (and no_proxy)",
      run: "bulkhead why {service}.environment.NO_PROXY",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/50158"],
  examples: ["airflow-scheduler-1 | httpx.RemoteProtocolError: Server disconnected without sending a response."],
  lookalikes: ["airflow-scheduler-1 | httpx.ConnectError: [Errno 111] Connection refused"],
});
