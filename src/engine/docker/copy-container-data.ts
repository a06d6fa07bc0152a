import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import { dataDirectoryIn, type Container } from "./container.ts";
import type { DockerSession } from "./docker-session.ts";
import { runDocker } from "./run-docker.ts";

/**
 * A cold copy of what a PostgreSQL container keeps; it is stopped for it. Throws as `dockerFailure`, and ToolError
 * POSTGRES_FAILED where no cluster is there.
 *
 * @param to absolute; must not exist
 */
export async function copyContainerData(
  session: Pick<DockerSession, "cli" | "home">,
  container: Container,
  to: string,
): Promise<void> {
  const { id, name } = container;
  const directory = dataDirectoryIn(container);
  await runDocker(session, ["stop", id]);
  await runDocker(session, ["cp", `${id}:${directory}`, to]);
  if (await session.home.ports.files.exists(join(to, "PG_VERSION"))) return;
  throw new ToolError("POSTGRES_FAILED", `${directory} in ${name} holds no PostgreSQL data.`, {
    hint: `docker inspect ${name}`,
    exitCode: 1,
  });
}
