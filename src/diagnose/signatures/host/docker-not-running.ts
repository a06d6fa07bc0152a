import { defineSignature } from "../../signature.ts";

export const dockerNotRunning = defineSignature({
  id: "docker-not-running",
  group: "host",
  kind: "fault",
  confidence: "certain",
  marks: ["Cannot connect to the Docker daemon", "failed to connect to the docker API"],
  patterns: [
    /(?:Cannot connect to the Docker daemon|failed to connect to the docker API) at (?<address>\S+?)[.;]?(?:\s|$)/,
  ],
  what: "no Docker Engine answers at {address}",
  why: "The engine is stopped, or DOCKER_HOST or the current context points to another place.",
  cure: [
    { say: "Start it", run: "sudo systemctl start docker" },
    { say: "Or see where the client looks", run: "docker context ls" },
  ],
  keepsDown: true,
  sources: ["docker/cli"],
  examples: ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"],
  lookalikes: ["permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock"],
});
