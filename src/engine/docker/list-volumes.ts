import type { DockerSession } from "./docker-session.ts";
import { runDocker } from "./run-docker.ts";

/** The engine's volumes by name: those that Compose made for this project, or all. */
export async function listVolumes(
  session: Pick<DockerSession, "cli" | "home" | "project">,
  which: "own" | "all",
): Promise<readonly string[]> {
  const label = `label=com.docker.compose.project=${session.project.name}`;
  const filter = which === "own" ? ["--filter", label] : [];
  return (await runDocker(session, ["volume", "ls", "--quiet", ...filter])).split("\n").filter((name) => name !== "");
}
