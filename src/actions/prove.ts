import type { ProofStep } from "../core/result-rows.ts";
import { ToolError } from "../core/tool-error.ts";
import { findSupervisor, recordedPorts } from "../engine/native/native-session.ts";
import { supplyServices } from "../engine/native/supply-services.ts";
import type { ProofContext } from "../proof/proof-context.ts";
import { proveConnections } from "../proof/prove-connections.ts";
import { proveDag } from "../proof/prove-dag.ts";
import { proveMlflows } from "../proof/prove-mlflow.ts";
import type { ProofNames } from "../proof/proof-names.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { tellCause } from "./explain/tell-cause.ts";
import { openSession } from "./open-project.ts";
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
  const session = await openSession(context, options);
  const client = await findSupervisor(session);
  if (client === undefined) {
    throw new ToolError(
      "PROJECT_NOT_RUNNING",
      `${session.project.name} is not running, so there is nothing to prove.`,
      { hint: "bulkhead up" },
    );
  }
  const units = await client.status(context.signal);
  client.close();
  const services = units
    .map((unit) => unit.service)
    .filter((service) => session.project.services[service] !== undefined);
  const running = new Set(units.filter((unit) => unit.pid !== undefined).map((unit) => unit.service));
  return withProjectLock(context, session, async () => {
    const supplies = await supplyServices(session.supply, {
      project: session.project,
      sources: session.home.ports.sources,
      topology: session.topology,
      services,
      postgresDependency: context.postgresDependency,
      nodeDirectory: context.nodeDirectory,
    });
    const proof: ProofContext = {
      session,
      ports: recordedPorts(session),
      supplies,
      running,
      deadline: context.ports.clock.now() + timeoutMs,
      signal: context.signal,
      ...(beforeVerification === undefined ? {} : { beforeVerification }),
    };
    const steps = [...(await proveConnections(proof))];
    const airflows = session.topology.apps.filter((app) => app.product === "airflow");
    for (const app of airflows) steps.push(...(await proveDag(proof, app)));
    if (airflows.length === 0) steps.push(...(await proveMlflows(proof)));
    const ok = steps.every((step) => step.ok !== false);
    if (!ok) await tellCause(context, session, undefined);
    return { ok, steps };
  });
}
