import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createTemporaryDirectory } from "../../helpers/temporary-directory.ts";
import { docker } from "./docker.ts";

/** A Docker Engine of a test's own, without images and without a network; it ends with the block. */
export interface SecondEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Ends it as `systemctl stop` does. */
  stop(): Promise<void>;
}

const ANSWER_MS = 600_000;
const withoutNetwork = ["--bridge=none", "--iptables=false", "--ip-forward=false", "--ip-masq=false"];

/**
 * `await using engine = await startSecondEngine({ socket })`, as root and beside the engine that the other tests use.
 * `diskMiB`: all that it can write, in memory.
 */
export async function startSecondEngine({
  socket,
  diskMiB,
}: {
  readonly socket: string;
  readonly diskMiB?: number;
}): Promise<SecondEngine> {
  const temporary = await createTemporaryDirectory();
  const [data, log] = [join(temporary.path, "data"), join(temporary.path, "log")];
  await mkdir(data);
  await mkdir(dirname(socket), { recursive: true });
  const host = `unix://${socket}`;
  const argv = [
    "dockerd",
    `--host=${host}`,
    `--data-root=${data}`,
    `--exec-root=${join(temporary.path, "run")}`,
    `--pidfile=${join(temporary.path, "pid")}`,
    "--storage-driver=vfs",
    ...withoutNetwork,
  ];
  const mount = diskMiB === undefined ? "" : `mount -t tmpfs -o size=${diskMiB}m none '${data}' && `;
  // In namespaces of its own: what it mounts ends with it, and it would remove the other engine's bridge.
  const script = `${mount}exec "$@" >'${log}' 2>&1`;
  const engine = spawn("unshare", ["--mount", "--net", "sh", "-c", script, "sh", ...argv], {
    stdio: "ignore",
    // Where its containerd writes what it does when it is slow.
    env: { ...process.env, TMPDIR: temporary.path },
  });
  const ending = once(engine, "exit");
  const stop = async (): Promise<void> => {
    if (engine.exitCode === null && engine.signalCode === null) engine.kill("SIGTERM");
    await ending;
  };
  const until = Date.now() + ANSWER_MS;
  while ((await docker(["version"], { env: { DOCKER_HOST: host } })).exitCode !== 0) {
    if (engine.exitCode === null && Date.now() < until) {
      await delay(200);
      continue;
    }
    await stop();
    const lines = await readFile(log, "utf8");
    await temporary.remove();
    throw new Error(`A second dockerd did not start:\n${lines.slice(-4000)}`);
  }
  return {
    host,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await temporary.remove();
    },
  };
}
