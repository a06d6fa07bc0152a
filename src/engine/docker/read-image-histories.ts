import { join } from "node:path";

import type { AlembicChain } from "../../supply/supply.ts";
import type { DockerSession } from "./docker-session.ts";

/** The Alembic histories of the packages in a service's image, by a container made for it; none without Python. */
export async function readImageHistories(session: DockerSession, service: string): Promise<readonly AlembicChain[]> {
  const { cli, home } = session;
  const input = await home.ports.files.readText(join(home.resources, "python", "read_alembic.py"));
  const argv = ["run", "--rm", "--no-deps", "--no-TTY", "--entrypoint", "python", service, "-"];
  const { exitCode, stdout } = await cli.compose(argv, { input, signal: home.signal, timeoutMs: 120_000 });
  home.signal.throwIfAborted();
  return exitCode === 0 ? (JSON.parse(stdout) as readonly AlembicChain[]) : [];
}
