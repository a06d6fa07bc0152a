import { ToolError } from "../core/tool-error.ts";
import { assertPlatform } from "./assert-platform.ts";
import { fetchWheel } from "./fetch-wheel.ts";
import { installOnce } from "./install-once.ts";
import type { SupplyContext } from "./supply.ts";
import { uvOnPath } from "./uv-on-path.ts";
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
  if ((await uvOnPath(context)) !== undefined) return "uv";
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
