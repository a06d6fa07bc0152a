import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import { dataDirectoryIn, type Container } from "./container.ts";
import { dockerFailure } from "./docker-failure.ts";
import type { DockerSession } from "./docker-session.ts";

/**
 * A cold copy of what a PostgreSQL container keeps; it is stopped for it. Throws as `dockerFailure`, and ToolError
 * POSTGRES_FAILED where no cluster is there.
 *
 * @param to absolute; must not exist
 */
export async function copyContainerData(
  { cli, home }: Pick<DockerSession, "cli" | "home">,
  container: Container,
  to: string,
): Promise<void> {
  const { id, name } = container;
  const directory = dataDirectoryIn(container);
  for (const args of [
    ["stop", id],
    ["cp", `${id}:${directory}`, to],
  ]) {
    const { exitCode, stderr } = await cli.docker(args, { signal: home.signal });
    home.signal.throwIfAborted();
    if (exitCode !== 0) throw dockerFailure(stderr);
  }
  if (await home.ports.files.exists(join(to, "PG_VERSION"))) return;
  throw new ToolError("POSTGRES_FAILED", `${directory} in ${name} holds no PostgreSQL data.`, {
    hint: `docker inspect ${name}`,
    exitCode: 1,
  });
}
