import type { ProofStep } from "../core/result-rows.ts";
import { ToolError } from "../core/tool-error.ts";
import { findSupervisor, recordedPorts, type NativeSession } from "../engine/native/native-session.ts";
import { openServiceAccess } from "../engine/native/open-service-access.ts";
import type { UnitStatus } from "../engine/native/unit.ts";
import type { ProofContext } from "../proof/proof-context.ts";
import { proveConnections } from "../proof/prove-connections.ts";
import { proveDag } from "../proof/prove-dag.ts";
import { proveMlflows } from "../proof/prove-mlflow.ts";
import { proveRunning } from "../proof/prove-running.ts";
import type { ProofNames } from "../proof/proof-names.ts";
import { listStatuses } from "../stack/list-statuses.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { tellCause } from "./explain/tell-cause.ts";
import { openEngineSession } from "./open-project.ts";
import { withProjectLock } from "./with-project-lock.ts";

export interface ProveOptions {
  /** Nothing is waited for longer than this. */
  readonly timeoutMs: number;
  /** For tests of the proof: called once, after the DAG run and before anything is verified. */
  readonly beforeVerification?: (names: ProofNames) => Promise<void>;
}

/**
 * Proves a running stack: every connection, then a DAG run that logs to MLflow, verified from outside. Everything it made
 * is removed again. `ok` is false when a step failed; a step that could not be judged does not fail the proof.
 */
export async function prove(
  context: ActionContext,
  options: ProjectOptions,
  { timeoutMs, beforeVerification }: ProveOptions,
): Promise<{ readonly ok: boolean; readonly steps: readonly ProofStep[] }> {
  const session = await openEngineSession(context, options);
  return withProjectLock(context, session, async (fresh) => {
    const place =
      fresh.engine === "docker"
        ? await (await import("./docker/find-running-containers.ts")).findRunningContainers(fresh)
        : await findRunningUnits(fresh);
    if (place === undefined) {
      throw new ToolError(
        "PROJECT_NOT_RUNNING",
        `${fresh.project.name} is not running, so there is nothing to prove.`,
        { hint: "bulkhead up" },
      );
    }
    const begun = context.ports.clock.now();
    const proof: ProofContext = {
      ...place,
      session: fresh,
      deadline: begun + timeoutMs,
      signal: context.signal,
      ...(beforeVerification === undefined ? {} : { beforeVerification }),
    };
    const steps = [...(await proveRunning(proof, await listStatuses(fresh))), ...(await proveConnections(proof))];
    const airflows = fresh.topology.apps.filter((app) => app.product === "airflow");
    for (const app of airflows) steps.push(...(await proveDag(proof, app)));
    if (airflows.length === 0) steps.push(...(await proveMlflows(proof)));
    const ok = steps.every((step) => step.ok !== false);
    if (!ok) {
      const failed = (await listStatuses(fresh)).filter(hasFailed).map(({ service }) => service);
      // What lies before the proof is another story, unless a service ended of it.
      await tellCause(context, options, fresh, failed.length > 0 ? { services: failed } : { since: begun });
    }
    return { ok, steps };
  });
}

function hasFailed({ state, exitCode }: UnitStatus): boolean {
  return state === "crash-loop" || state === "backing-off" || (state === "exited" && exitCode !== 0);
}

/** Undefined when nothing of the project runs. */
async function findRunningUnits(session: NativeSession): Promise<Pick<ProofContext, "ports" | "open"> | undefined> {
  const client = await findSupervisor(session);
  if (client === undefined) return undefined;
  const units = await client.status(session.home.signal);
  client.close();
  const running = new Set(units.filter((unit) => unit.pid !== undefined).map((unit) => unit.service));
  return {
    ports: recordedPorts(session),
    open: async (service) => (running.has(service) ? openServiceAccess(session, service) : undefined),
  };
}
