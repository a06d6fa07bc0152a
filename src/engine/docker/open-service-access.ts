import { join } from "node:path";

import type { RunRequest } from "../../ports/processes.ts";
import type { AlembicChain } from "../../supply/supply.ts";
import type { ServiceAccess } from "../service-access.ts";
import { mountAt } from "./container.ts";
import { createContainerFiles } from "./container-files.ts";
import type { DockerSession } from "./docker-session.ts";
import { dockerFailure } from "./docker-failure.ts";

const VERSION_SCRIPT = `import importlib.metadata as metadata, sys
for name in sys.argv[1:]:
    try:
        sys.exit(print(metadata.version(name)))
    except metadata.PackageNotFoundError:
        pass`;

/** A service by its container that runs now; undefined when none does. */
export async function openServiceAccess(session: DockerSession, service: string): Promise<ServiceAccess | undefined> {
  const role = session.topology.services[service];
  const container = session.containers().find((one) => one.service === service && one.status.state === "running");
  if (role === undefined || container === undefined) return undefined;
  const { cli, home } = session;
  const run: ServiceAccess["run"] = ({ argv, env, ...request }) =>
    cli.docker(
      ["exec", "--interactive", ...Object.keys(env).flatMap((name) => ["--env", name]), container.id, ...argv],
      {
        ...request,
        extraEnv: env,
      },
    );
  const mountOf: ServiceAccess["mountOf"] = (path) => mountAt(container, path);
  return {
    service,
    env: container.env,
    workingDirectory: container.workingDirectory,
    argv: role.argv,
    run,
    histories: async () => {
      if (role.product !== "airflow" && role.product !== "mlflow") return [];
      const input = await home.ports.files.readText(join(home.resources, "python", "read_alembic.py"));
      return readHistories(run, { input, signal: home.signal });
    },
    versionOf: async (distributions) => {
      const argv = ["python", "-c", VERSION_SCRIPT, ...distributions] as const;
      const { stdout, exitCode } = await run({ argv: [...argv], env: {}, timeoutMs: 10_000, signal: home.signal });
      return exitCode === 0 ? stdout.trim() || undefined : undefined;
    },
    mountOf,
    markLog: async () => {
      const since = String(home.ports.clock.now() / 1000);
      return async () => {
        const { stdout, stderr, exitCode } = await cli.docker(["logs", "--since", since, container.id], {
          timeoutMs: 10_000,
        });
        if (exitCode !== 0) throw dockerFailure(stderr);
        return stdout + stderr;
      };
    },
    files: createContainerFiles(session, container),
  };
}

/** None when the container has no Python, or one without these packages. */
async function readHistories(
  run: ServiceAccess["run"],
  request: Pick<RunRequest, "signal"> & { readonly input: string },
): Promise<readonly AlembicChain[]> {
  const { stdout, exitCode } = await run({ argv: ["python", "-"], env: {}, timeoutMs: 60_000, ...request });
  return exitCode === 0 ? (JSON.parse(stdout) as readonly AlembicChain[]) : [];
}
