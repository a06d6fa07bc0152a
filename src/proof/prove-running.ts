import type { ProofStep } from "../core/result-rows.ts";
import type { UnitStatus } from "../engine/native/unit.ts";
import { runStep, type ProofContext } from "./proof-context.ts";

/** What a program that somebody stopped ends with: by itself, by INT, KILL or TERM. */
const stoppedCodes: ReadonlySet<number | undefined> = new Set([undefined, 0, 130, 137, 143]);

/**
 * A failed step for each part of an application that ended by a fault. The other steps ask what runs, and would not miss it:
 * an MLflow server that died leaves nothing to log to.
 */
export async function proveRunning(
  context: ProofContext,
  statuses: readonly UnitStatus[],
): Promise<readonly ProofStep[]> {
  const { apps, services } = context.session.topology;
  const parts = new Set(apps.flatMap((app) => app.services));
  const steps: ProofStep[] = [];
  for (const { service, state, exitCode, restarts } of statuses) {
    const role = services[service];
    if (!parts.has(service) || role === undefined || role.oneShot || role.mayEnd) continue;
    const loops = state === "crash-loop" || state === "backing-off";
    if (!loops && (state !== "exited" || stoppedCodes.has(exitCode))) continue;
    const code = exitCode === undefined ? "" : ` with code ${exitCode}`;
    const evidence = loops ? `it keeps exiting${code} (${restarts} restarts)` : `it exited${code}`;
    steps.push(await runStep(context, `${service}: runs`, async () => ({ ok: false, evidence })));
  }
  return steps;
}
