import { join } from "node:path";

import type { Ports } from "../../ports/ports.ts";

const limitMs = 10_000;
const pollMs = 50;

/** Where a data directory is made before it gets its name. */
export function stagingDirectory(dataDirectory: string): string {
  return `${dataDirectory.replace(/\/$/, "")}.initializing`;
}

/**
 * Ends the temporary server that runs init scripts when the `up` that started it was killed meanwhile: it would hold the
 * socket of the next one. The process that postmaster.pid names is believed only when its command line names the
 * directory, so that no foreign process is touched.
 */
export async function endAbandonedServer(
  io: Pick<Ports, "files" | "processes" | "clock">,
  dataDirectory: string,
  signal: AbortSignal,
): Promise<void> {
  const staging = stagingDirectory(dataDirectory);
  const lines = await io.files.readTextIfPresent(join(staging, "postmaster.pid"));
  const pid = Number.parseInt(lines ?? "", 10);
  const identity = pid > 1 ? await io.processes.identify(pid) : undefined;
  if (identity === undefined) return;
  const shown = await io.processes.run({
    argv: ["ps", "-ww", "-p", String(pid), "-o", "args="],
    env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
    signal,
  });
  if (!shown.stdout.includes(` -D ${staging} `)) return;
  // Immediate shutdown: what it wrote is thrown away.
  await io.processes.kill(identity, "SIGQUIT");
  const until = io.clock.now() + limitMs;
  while ((await io.processes.isSame(identity)) && io.clock.now() < until) await io.clock.sleep(pollMs, signal);
}
