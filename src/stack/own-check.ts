import type { PreparedUnit } from "../engine/native/prepare-unit.ts";
import type { BringUpContext } from "./bring-up-context.ts";

/** No healthcheck holds an `up` longer than this, whatever timeout the file gives it. */
const longestMs = 10_000;
const mostTries = 3;
const pauseMs = 500;

/**
 * Runs the file's own healthcheck beside everything else once our readiness has passed, and warns where it differs:
 * under Compose the service would not count as healthy. A program that this machine does not have says nothing.
 */
export async function runOwnCheck(
  up: BringUpContext,
  service: string,
  { spec, ownCheck }: PreparedUnit,
): Promise<void> {
  if (ownCheck === undefined) return;
  const { clock, processes } = up.session.home.ports;
  const until = clock.now() + Math.min(ownCheck.timeoutMs, longestMs);
  let failure = "";
  for (let tries = Math.min(ownCheck.retries, mostTries); tries > 0 && clock.now() < until; tries -= 1) {
    const result = await processes
      .run({
        argv: ownCheck.argv,
        cwd: spec.cwd,
        env: ownCheck.environment,
        ...(spec.owner === undefined ? {} : { owner: spec.owner }),
        timeoutMs: Math.max(1, until - clock.now()),
        signal: up.signal,
      })
      .catch(() => undefined);
    if (up.signal.aborted || result === undefined || result.exitCode === 0 || isMissing(result)) return;
    const lines = `${result.stdout}\n${result.stderr}`.split("\n").filter((line) => line.trim() !== "");
    const how = result.timedOut
      ? "it did not end in time"
      : `exit code ${result.exitCode ?? result.signalName ?? "unknown"}`;
    failure = [lines.at(-1)?.trim().slice(0, 300), how].filter((part) => part !== undefined).join(" - ");
    if (tries > 1) await clock.sleep(pauseMs, up.signal).catch(() => undefined);
  }
  up.session.home.emit({
    type: "warning",
    service,
    message: `its own healthcheck would have failed: ${failure}. Under Compose nothing that waits for ${service} to be healthy would start.`,
  });
}

/** The shell or the system did not find the check's program. */
function isMissing(result: { readonly exitCode: number | undefined; readonly stderr: string }): boolean {
  return result.exitCode === 127 || /: (command )?not found\b/.test(result.stderr);
}
