import { defineSignature } from "../../signature.ts";

export const dependencyFailed = defineSignature({
  id: "dependency-failed",
  group: "general",
  kind: "consequence",
  confidence: "certain",
  marks: ["dependency failed to start", "didn't complete successfully", "is unhealthy"],
  patterns: [
    /dependency failed to start: container (?<container>\S+) (?:is unhealthy|exited \((?<code>\d+)\)|has no healthcheck configured)/,
    /service "(?<container>[^"]+)" didn't complete successfully: exit (?<code>\d+)/,
    /container (?<container>\S+) is unhealthy/,
  ],
  what: "Compose stopped because {container} did not become ready",
  why: "Compose only says that a dependency failed. Why stands in that container's own log.",
  cure: [
    { say: "Read that container's log", run: "docker logs --tail 100 {container}" },
    { say: "And what its health check printed", run: "docker inspect --format '{{json .State.Health}}' {container}" },
  ],
  sources: ["https://github.com/docker/compose"],
  examples: [
    "dependency failed to start: container mlops-postgres-1 is unhealthy",
    'service "airflow-init" didn\'t complete successfully: exit 1',
  ],
  lookalikes: ["Container mlops-postgres-1  Healthy"],
});
