import type { Random } from "../../ports/random.ts";
import type { DockerCli } from "./docker-cli.ts";
import { dockerFailure } from "./docker-failure.ts";

/**
 * Works with a copy of a file or directory of this machine that programs in a container can read, as the account they run as
 * there. It is removed afterwards, also when the work was interrupted. Throws as `dockerFailure` tells.
 *
 * @param work gets the copy's path in the container
 */
export async function withCopyInContainer<T>(
  { cli, random, container }: { readonly cli: DockerCli; readonly random: Random; readonly container: string },
  path: string,
  signal: AbortSignal,
  work: (copy: string) => Promise<T>,
): Promise<T> {
  const copy = `/tmp/bulkhead-${Buffer.from(random.bytes(6)).toString("hex")}`;
  const run = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await cli.docker(args, { signal });
    signal.throwIfAborted();
    if (exitCode !== 0) throw dockerFailure(stderr);
    return stdout.trim();
  };
  try {
    await run("cp", path, `${container}:${copy}`);
    const account = await run("exec", container, "id", "-u");
    if (account !== "0") await run("exec", "--user", "0", container, "chown", "-R", account, copy);
    return await work(copy);
  } finally {
    await cli.docker(["exec", "--user", "0", container, "rm", "-rf", copy], { timeoutMs: 60_000 });
  }
}
