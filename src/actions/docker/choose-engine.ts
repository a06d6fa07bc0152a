import type { Project } from "../../compose/project.ts";
import { isToolError } from "../../core/tool-error.ts";
import { createDockerCli, type DockerCli } from "../../engine/docker/docker-cli.ts";
import { findDocker } from "../../engine/docker/find-docker.ts";
import { findUnrunnable } from "../../engine/native/find-unrunnable.ts";
import type { EngineName } from "../../engine/project-state.ts";
import type { Topology } from "../../topology/topology.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";

/** How long an engine may take to answer before it counts as none. */
const answerMs = 2000;

/**
 * The engine of a project that was never started here: docker when an engine answers and runs it already or has every image
 * or a way to build it; else native when that can run every service; else docker. Says which and why in one line.
 */
export async function chooseEngine(
  context: ActionContext,
  options: ProjectOptions,
  { project, topology }: { readonly project: Project; readonly topology: Topology },
): Promise<EngineName> {
  const cli = createDockerCli(context.ports.processes, project, loadRequest(context, options));
  const unsuitable = await judgeDocker(context, cli, project);
  const foreign = findUnrunnable(project, Object.values(topology.services));
  const engine = unsuitable === undefined || foreign.length > 0 ? "docker" : "native";
  const why = [
    ...(unsuitable === undefined ? [] : [unsuitable]),
    ...(unsuitable !== undefined && engine === "docker"
      ? [`the native engine cannot run ${[...new Set(foreign.map(({ service }) => service))].join(", ")}`]
      : []),
  ];
  const [name, other] = engine === "docker" ? ["Docker", "native"] : ["the native engine", "docker"];
  const reason = why.length === 0 ? "it answers and has every image" : why.join("; ");
  context.emit({ type: "note", message: `${project.name} runs under ${name}: ${reason} (else: --engine ${other}).` });
  return engine;
}

/** Why this project is not for the Docker Engine; undefined when it is. */
async function judgeDocker(context: ActionContext, cli: DockerCli, project: Project): Promise<string | undefined> {
  const { signal } = context;
  try {
    await findDocker(context.ports, cli, { timeoutMs: answerMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!isToolError(error)) throw error;
    return error.message.replace(/\.$/, "").replace(/^(\w)/, (first) => first.toLowerCase());
  }
  const label = `label=com.docker.compose.project=${project.name}`;
  const containers = await cli.docker(["ps", "--quiet", "--filter", label], { signal });
  if (containers.stdout.trim() !== "") return undefined;
  const images = Object.values(project.services).flatMap(({ image, build }) =>
    build === undefined && image !== undefined ? [image] : [],
  );
  if (images.length === 0) return undefined;
  const wanted = [...new Set(images)];
  const { stdout } = await cli.docker(["image", "inspect", "--format", "{{json .RepoTags}}", ...wanted], { signal });
  signal.throwIfAborted();
  if (stdout.split("\n").filter((line) => line !== "").length === wanted.length) return undefined;
  return wanted.length === 1 ? `Docker does not have the image ${wanted[0]}` : "Docker does not have every image";
}
