import { defineSignature } from "../../signature.ts";

export const dockerSocketDenied = defineSignature({
  id: "docker-socket-denied",
  group: "host",
  kind: "fault",
  confidence: "certain",
  marks: ["docker.sock", "permission denied while trying to connect", "PermissionError(13,"],
  patterns: [
    /permission denied while trying to connect to the (?:Docker daemon socket|docker API) at (?<socket>\S+?):?(?:\s|$)/i,
    /[Pp]ermission denied.*?(?<socket>\/\S*docker\.sock)/,
    /(?<socket>\/\S*docker\.sock).*[Pp]ermission denied/,
  ],
  what: "{service|this account} has no right to Docker's socket",
  why: "The socket belongs to the group docker. The account is not in it, or was added after this login began. Inside a container (DockerOperator) the container's account needs that group.",
  cure: [
    {
      say: "Join the group, then log in again (or use newgrp for this shell)",
      run: 'sudo usermod -aG docker "$USER" && newgrp docker',
    },
    { say: "For a service, give it the group's number: group_add in the Compose file", run: "getent group docker" },
  ],
  keepsDown: true,
  sources: ["https://github.com/apache/airflow/issues/16803"],
  examples: [
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
    "airflow-worker-1 | PermissionError: [Errno 13] Permission denied: '/var/run/docker.sock'",
  ],
  lookalikes: ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"],
});
