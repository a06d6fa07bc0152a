import { ToolError, type ErrorCode } from "../../core/tool-error.ts";
import { parseDockerFault, type DockerFault, type DockerFaultKind } from "./parse-docker-fault.ts";

/** What an error says of a fault. `cure` is a command where there is one. */
interface Telling {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cure: string;
}

const native = "Or without Docker: bulkhead up --engine native";

const tellings: Readonly<Record<DockerFaultKind, (fault: DockerFault) => Telling>> = {
  "compose-missing": () => ({
    code: "DOCKER_COMPOSE_MISSING",
    message: "The docker client has no Compose: its plugin is not installed.",
    cure: `sudo apt-get install docker-compose-plugin (https://docs.docker.com/compose/install/linux/)\n${native}`,
  }),
  forbidden: ({ subject }) => ({
    code: "DOCKER_FORBIDDEN",
    message: `This account may not use the Docker Engine: ${subject} refuses it.`,
    cure: `sudo usermod -aG docker $USER && newgrp docker\n${native}`,
  }),
  "not-running": ({ subject }) => ({
    code: "DOCKER_NOT_RUNNING",
    message: `No Docker Engine answers at ${subject}.`,
    cure: `sudo systemctl start docker\n${native}`,
  }),
  "context-missing": ({ subject }) => ({
    code: "DOCKER_NOT_RUNNING",
    message: `Docker's context ${subject}, which is chosen here, does not exist.`,
    cure: `unset DOCKER_CONTEXT; docker context use default\n${native}`,
  }),
  "engine-too-old": ({ subject }) => ({
    code: "DOCKER_TOO_OLD",
    message: `The Docker Engine is too old for this client: it knows its interface up to ${subject}.`,
    cure: `unset DOCKER_API_VERSION\nElse a newer engine: https://docs.docker.com/engine/install/\n${native}`,
  }),
  "client-too-old": ({ subject }) => ({
    code: "DOCKER_TOO_OLD",
    message: `The docker client is too old for this engine, which no longer knows interface ${subject}.`,
    cure: `unset DOCKER_API_VERSION\nElse a newer client: https://docs.docker.com/engine/install/\n${native}`,
  }),
  "engine-too-old-for-file": ({ subject, line }) => ({
    code: "DOCKER_TOO_OLD",
    message: `The file needs Docker Engine ${subject} or newer: ${line}`,
    cure: `https://docs.docker.com/engine/install/\nOr leave out of the file what an older engine does not have.\n${native}`,
  }),
  "image-not-found": ({ subject }) => ({
    code: "IMAGE_NOT_FOUND",
    message: `There is no image ${subject}, or it is private.`,
    cure: "Correct its name in the Compose file, or log in to its registry: docker login",
  }),
  "platform-missing": ({ line }) => ({
    code: "IMAGE_NOT_FOUND",
    message: `An image is not made for this machine: ${line}`,
    cure: "Choose another tag, or let it be emulated: platform: linux/amd64 at the service",
  }),
  "registry-refused": ({ line }) => ({
    code: "NETWORK_UNREACHABLE",
    message: `The image registry refuses: ${line}`,
    cure: "docker login",
  }),
  "registry-unreachable": ({ subject, line }) => ({
    code: "NETWORK_UNREACHABLE",
    message: `The image registry ${subject} cannot be reached: ${line.replace(/^.*?"https?:[^"]*": /, "")}`,
    cure: `Images that are not here need it; a proxy is set in the engine: https://docs.docker.com/engine/daemon/proxy/\n${native}`,
  }),
  "disk-full": ({ line }) => ({
    code: "DISK_FULL",
    message: `The disk that the Docker Engine uses is full: ${line}`,
    cure: "docker system df\ndocker builder prune",
  }),
  "port-taken": ({ subject }) => ({
    code: "PORT_TAKEN",
    message: `Port ${subject}, which the file publishes, is taken.`,
    cure: "End what listens there, or change the port in the Compose file.",
  }),
  "name-taken": ({ subject }) => ({
    code: "PROJECT_CONFLICT",
    message: `Another container is named ${subject}, as container_name of the file wants it.`,
    cure: `docker inspect ${subject}\nRemove it, or take container_name out of the file: Compose then makes a name of its own.`,
  }),
  "build-failed": ({ subject }) => ({
    code: "DOCKER_FAILED",
    message: `An image could not be built: ${subject} failed.`,
    cure: "docker compose build --progress plain",
  }),
  other: ({ line }) => ({
    code: "DOCKER_FAILED",
    message: line === "" ? "docker failed and did not say why." : line,
    cure: "",
  }),
};

/**
 * What `docker` or Compose said when a call failed, as an error with its cure. `stderr` holds no secrets of ours.
 * `detail.fault` is its `FaultName`.
 */
export function dockerFailure(stderr: string): ToolError {
  return faultError(parseDockerFault(stderr), {}, stderr);
}

/** A fault's kind, or what it is more exactly where this machine tells more than docker's own words. */
export type FaultName =
  | DockerFaultKind
  | "compose-too-old"
  | "compose-not-a-plugin"
  | "not-in-group"
  | "login-before-group"
  | "socket-of-root"
  | "socket-elsewhere"
  | "docker-host-silent"
  | "context-silent";

/** What is known of a fault besides docker's own words. */
export type KnownOfFault = Partial<Omit<Telling, "code">> & { readonly fault?: FaultName };

/** The same for a fault whose circumstances are known better than by its own words. */
export function faultError(fault: DockerFault, known: KnownOfFault, stderr: string): ToolError {
  const { code, message, cure, fault: name } = { fault: fault.kind, ...tellings[fault.kind](fault), ...known };
  return new ToolError(code, message, {
    ...(cure === "" ? {} : { hint: cure }),
    detail: {
      fault: name,
      ...(fault.subject === "" ? {} : { subject: fault.subject }),
      stderr: stderr.trim().split("\n").slice(-20),
    },
  });
}
