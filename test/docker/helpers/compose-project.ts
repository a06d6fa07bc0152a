import { randomBytes } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryDirectory } from "../../helpers/temporary-directory.ts";
import { docker, dockerOutput, uniqueName, type DockerResult } from "./docker.ts";

/** The host's side of a quoted short port mapping. */
const publishedPort = /^ +- "(?:127\.0\.0\.1:)?(\d+):\d+"$/gm;
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A copy of a tracked example that plain `docker compose` runs; all of it is removed when the block ends. */
export interface ComposeProject extends AsyncDisposable {
  /** The Compose project's name. */
  readonly name: string;
  readonly directory: string;
  /** `http://127.0.0.1:PORT`, by the port that the example publishes. */
  addressOf(published: number): string;
  /** Runs `docker compose ARGS`; throws with its output unless it succeeds. */
  compose(...args: readonly string[]): Promise<DockerResult>;
}

/** Which of the two that ../install-plugins.mjs installs. */
export type ComposeVersion = "newest" | "oldest";

/** What the environment gains for the docker client to have that Compose as its plugin. */
export function composeEnvironment(version: ComposeVersion): Readonly<Record<string, string>> {
  const newest = process.env["DOCKER_CONFIG"];
  if (newest === undefined) {
    throw new Error("DOCKER_CONFIG is not set: export DOCKER_CONFIG=$(node test/docker/install-plugins.mjs)");
  }
  return { DOCKER_CONFIG: version === "newest" ? newest : `${newest}-oldest` };
}

/**
 * `await using project = await createComposeProject("airflow-mlflow", "newest")`. What the file demands of `.env` gets
 * random values, and its published ports become free ones: other stacks of this machine keep theirs.
 */
export async function createComposeProject(example: string, version: ComposeVersion): Promise<ComposeProject> {
  const env = composeEnvironment(version);
  const temporary = await createTemporaryDirectory();
  const directory = join(temporary.path, example);
  await cp(join(root, "examples", example), directory, { recursive: true });
  const ports = new Map<string, number>();
  let file = await readFile(join(directory, "compose.yaml"), "utf8");
  for (const [, published = ""] of file.matchAll(publishedPort)) ports.set(published, await findFreePort());
  file = file.replaceAll(publishedPort, (text, published: string) =>
    text.replace(published, String(ports.get(published))),
  );
  await writeFile(join(directory, "compose.yaml"), file);
  const wanted = new Set([...file.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name));
  await writeFile(join(directory, ".env"), [...wanted].map((name) => `${name}=${secretFor(name)}\n`).join(""));
  const name = uniqueName("project");
  const run = async (...args: readonly string[]): Promise<DockerResult> => {
    const argv = ["compose", "--project-name", name, "--progress", "plain", ...args];
    const result = await docker(argv, { cwd: directory, env });
    if (result.exitCode === 0) return result;
    throw new Error(`docker ${argv.join(" ")} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  };
  return {
    name,
    directory,
    addressOf: (published) => `http://127.0.0.1:${ports.get(String(published))}`,
    compose: run,
    [Symbol.asyncDispose]: async () => {
      await run("down", "--volumes", "--remove-orphans", "--timeout", "2");
      // `down --rmi local` leaves what the classic builder made.
      const built = await dockerOutput(["image", "ls", "--quiet", "--filter", `reference=${name}-*`]);
      if (built !== "") await dockerOutput(["image", "rm", "--force", ...new Set(built.split("\n"))]);
      await temporary.remove();
    },
  };
}

/** A port that nobody listens on now. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once("error", reject);
    listener.listen(0, () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    });
  });
}

function secretFor(name: string | undefined): string {
  if (name?.endsWith("_USER") === true) return "admin";
  // A Fernet key is 32 bytes in URL-safe base64 with its padding.
  if (name?.endsWith("FERNET_KEY") === true) return `${randomBytes(32).toString("base64url")}=`;
  return randomBytes(32).toString("hex");
}
