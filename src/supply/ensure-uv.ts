import { ToolError } from "../core/tool-error.ts";
import { assertPlatform } from "./assert-platform.ts";
import { fetchWheel } from "./fetch-wheel.ts";
import { installOnce } from "./install-once.ts";
import type { SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";
import { uvWheel } from "./wheels.ts";

/** Two environments built by one command ask at the same moment: one answer a context. */
const asked = new WeakMap<SupplyContext, Promise<string>>();

/**
 * Absolute path or name of a uv program: the one on PATH from 0.5 on (relocatable environments, build constraints),
 * else the pinned one, fetched into the cache on first use.
 *
 * Throws as `fetchWheel` does, and ToolError PLATFORM_UNSUPPORTED.
 */
export function ensureUv(context: SupplyContext): Promise<string> {
  const answer = asked.get(context) ?? findOrFetchUv(context);
  asked.set(context, answer);
  return answer;
}

async function findOrFetchUv(context: SupplyContext): Promise<string> {
  if (await isUsableOnPath(context)) return "uv";
  const wheel = uvWheel(context.io.host);
  if (wheel === undefined) {
    assertPlatform(context.io.host);
    throw new ToolError("PLATFORM_UNSUPPORTED", "no uv is known for this machine", {
      hint: "install uv and put it on PATH",
    });
  }
  const directory = `${context.cache}/uv-${wheel.version}`;
  const subject = `uv ${wheel.version}`;
  await installOnce(context, {
    directory,
    subject,
    build: (staging) => fetchWheel(context, wheel, subject, staging),
  });
  return `${directory}/uv-${wheel.version}.data/scripts/uv`;
}

async function isUsableOnPath(context: SupplyContext): Promise<boolean> {
  try {
    const { exitCode, stdout } = await context.io.processes.run({
      argv: ["uv", "--version"],
      cwd: "/",
      env: toolEnvironment(context.io.host),
      timeoutMs: 10_000,
      signal: context.signal,
    });
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
    return exitCode === 0 && (major > 0 || minor >= 5);
  } catch {
    context.signal.throwIfAborted();
    return false;
  }
}
