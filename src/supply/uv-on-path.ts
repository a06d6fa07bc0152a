import type { SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";

/** The version of the uv on PATH where it is one that works here: from 0.5 on. Undefined: there is none. */
export async function uvOnPath(context: Pick<SupplyContext, "io" | "signal">): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await context.io.processes.run({
      argv: ["uv", "--version"],
      cwd: "/",
      env: toolEnvironment(context.io.host),
      timeoutMs: 10_000,
      signal: context.signal,
    });
    const [version, major, minor] = /(\d+)\.(\d+)(?:\.\d+)?/.exec(stdout) ?? [];
    return exitCode === 0 && (Number(major) > 0 || Number(minor) >= 5) ? version : undefined;
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}
