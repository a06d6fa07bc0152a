import type { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import { dockerFailure, faultError, type KnownOfFault } from "./docker-failure.ts";
import type { DockerCli } from "./docker-cli.ts";
import { parseDockerFault } from "./parse-docker-fault.ts";

type Io = Pick<Ports, "files" | "host" | "processes" | "sockets">;

/**
 * What failed with its exact cure: looks at what this machine tells besides docker's own words. Which program holds a port,
 * whose a container is, why a socket refuses, where else an engine may listen.
 */
export async function explainDockerFault(
  io: Io,
  cli: Pick<DockerCli, "docker" | "env">,
  stderr: string,
): Promise<ToolError> {
  const fault = parseDockerFault(stderr);
  switch (fault.kind) {
    case "compose-missing":
      return faultError(fault, await findOldCompose(io, cli), stderr);
    case "forbidden":
      return faultError(fault, await explainRefusal(io, fault.subject), stderr);
    case "not-running":
      return faultError(fault, await explainSilence(io, cli, fault.subject), stderr);
    case "port-taken":
      return faultError(fault, await explainPort(io, cli, Number(fault.subject)), stderr);
    case "name-taken":
      return faultError(fault, await explainName(cli, fault.subject), stderr);
    default:
      return dockerFailure(stderr);
  }
}

const native = "Or without Docker: bulkhead up --engine native";

/** A `docker-compose` of its own: the old one, or a new one that is not where the client looks for plugins. */
async function findOldCompose({ processes }: Io, { env }: Pick<DockerCli, "env">): Promise<KnownOfFault> {
  const version = await processes
    .run({ argv: ["docker-compose", "version", "--short"], env, timeoutMs: 10_000 })
    .catch(() => undefined);
  if (version?.exitCode !== 0) return {};
  const number = version.stdout.trim();
  return /^v?1\./.test(number)
    ? {
        fault: "compose-too-old",
        message: `Here is only the old docker-compose ${number}, which has ended. The docker client lacks Compose 2.20 or newer as its plugin.`,
      }
    : {
        fault: "compose-not-a-plugin",
        message: `Compose ${number} is here as docker-compose, but the docker client does not know it as its plugin.`,
        cure: `mkdir -p ~/.docker/cli-plugins && ln -s "$(command -v docker-compose)" ~/.docker/cli-plugins/docker-compose\n${native}`,
      };
}

/** The account is in the socket's group or not; its processes have that group only from the next login on. */
async function explainRefusal(io: Io, address: string): Promise<KnownOfFault> {
  const { files, processes, host } = io;
  const other = await findOwnSocket(io, address);
  if (other !== undefined) return other;
  const path = address.replace(/^unix:\/\//, "");
  const gid = (await files.stat(path))?.gid;
  const groups = ((await files.readTextIfPresent("/etc/group")) ?? "").split("\n").map((line) => line.split(":"));
  const [name, , , members] = groups.find(([, , id]) => id === String(gid)) ?? [];
  const ids = await processes.run({ argv: ["id", "-un"], env: {}, timeoutMs: 5_000 }).catch(() => undefined);
  const user = ids?.stdout.trim() || host.env["USER"] || String(host.uid);
  if (name === undefined || name === "root") {
    return {
      fault: "socket-of-root",
      message: `This account may not use the Docker Engine: ${path} is open to root only.`,
      cure: `sudo -E bulkhead up\n${native}`,
    };
  }
  return members?.split(",").includes(user) === true
    ? {
        fault: "login-before-group",
        message: `${user} is in the group ${name}, but this login is older than that: ${path} refuses it.`,
        cure: `newgrp ${name}\nOr log in anew.`,
      }
    : {
        fault: "not-in-group",
        message: `${user} is not in the group ${name}, whose members may use the Docker Engine: ${path} refuses it.`,
        cure: `sudo usermod -aG ${name} ${user} && newgrp ${name}\n${native}`,
      };
}

/** Nothing answers: by DOCKER_HOST or a context that leads nowhere, or because the engine is stopped. */
async function explainSilence(io: Io, cli: Pick<DockerCli, "docker" | "env">, address: string): Promise<KnownOfFault> {
  const written = cli.env["DOCKER_HOST"];
  if (written !== undefined && written !== "") {
    return {
      fault: "docker-host-silent",
      message: `DOCKER_HOST is ${written}, and no Docker Engine answers there.`,
      cure: `unset DOCKER_HOST\n${native}`,
    };
  }
  // `docker context show` came with 23.0.
  const format = "{{if .Current}}{{.Name}}{{end}}";
  const shown = await cli.docker(["context", "ls", "--format", format], { timeoutMs: 5_000 });
  const context = shown.stdout.trim();
  if (shown.exitCode === 0 && context !== "" && context !== "default") {
    return {
      fault: "context-silent",
      message: `Docker's context ${context} leads to ${address}, and no engine answers there.`,
      cure: `docker context use default\n${native}`,
    };
  }
  const other = await findOwnSocket(io, address);
  if (other !== undefined) return other;
  return io.host.platform === "darwin" ? { cure: `open -a Docker\n${native}` } : {};
}

/** A rootless engine's socket, or Docker Desktop's, that the client was not pointed to. */
async function findOwnSocket({ files, host }: Io, address: string): Promise<KnownOfFault | undefined> {
  const runtime = host.env["XDG_RUNTIME_DIR"] ?? `/run/user/${host.uid}`;
  for (const path of [
    `${runtime}/docker.sock`,
    `${host.home}/.docker/run/docker.sock`,
    `${host.home}/.docker/desktop/docker.sock`,
  ]) {
    if (address.endsWith(path) || !(await files.exists(path).catch(() => false))) continue;
    return {
      fault: "socket-elsewhere",
      message: `${address} does not answer this account, but an engine of its own listens at ${path}.`,
      cure: `export DOCKER_HOST=unix://${path}`,
    };
  }
  return undefined;
}

/** Another container's project comes first: to the host its port is held by Docker's own proxy. */
async function explainPort({ sockets }: Io, cli: Pick<DockerCli, "docker">, port: number): Promise<KnownOfFault> {
  const format = '{{.Names}} {{.Label "com.docker.compose.project"}}';
  const listed = await cli.docker(["ps", "--filter", `publish=${port}`, "--format", format], { timeoutMs: 10_000 });
  const [container, project] = listed.stdout.trim().split("\n")[0]?.split(" ") ?? [];
  if (listed.exitCode === 0 && container !== undefined && container !== "") {
    const whose = project === undefined || project === "" ? "" : ` of the project ${project}`;
    return {
      message: `Port ${port}, which the file publishes, is taken by the container ${container}${whose}.`,
      cure: `${whose === "" ? `docker stop ${container}` : `bulkhead -p ${project} down, or: docker stop ${container}`}\nOr change the port in the Compose file.`,
    };
  }
  const owner = await sockets.ownerOf(port);
  if (owner === undefined) return {};
  return {
    message: `Port ${port}, which the file publishes, is taken by ${owner.program} (pid ${owner.pid}).`,
    cure: `kill ${owner.pid}\nOr change the port in the Compose file.`,
  };
}

async function explainName(cli: Pick<DockerCli, "docker">, name: string): Promise<KnownOfFault> {
  const labels = ["project", "project.working_dir"].map(
    (one) => `{{index .Config.Labels "com.docker.compose.${one}"}}`,
  );
  const shown = await cli.docker(["inspect", "--format", labels.join("\t"), name], { timeoutMs: 10_000 });
  const [project = "", directory = ""] = shown.stdout.trim().split("\t");
  if (shown.exitCode !== 0 || project === "") {
    return {
      message: `A container that belongs to no project is named ${name}, as container_name of the file wants it.`,
      cure: `docker rm --force ${name}\nOr take container_name out of the file: Compose then makes a name of its own.`,
    };
  }
  return {
    message: `The project ${project} in ${directory} has a container named ${name}, as container_name of this file wants it too.`,
    cure: `cd ${directory} && docker compose --project-name ${project} down\nOr take container_name out of this file: Compose then makes a name of its own.`,
  };
}
