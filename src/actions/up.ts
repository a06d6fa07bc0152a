import { join } from "node:path";

import type { Project } from "../compose/project.ts";
import { withDependencies, withoutServices } from "../stack/plan-waits.ts";
import { announceNativeLimits } from "./announce-native-limits.ts";
import { assertNoOpenPlan } from "./assert-no-open-plan.ts";
import { assertOneEngine } from "./assert-one-engine.ts";
import { assertServices } from "./assert-services.ts";
import { chosenEngine } from "./chosen-engine.ts";
import type { CheckedFinding } from "./check/check-project.ts";
import { tellFaults } from "./check/tell-faults.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { withCause } from "./explain/with-cause.ts";
import { openEngineSession } from "./open-project.ts";
import { startServices, type StartedServices } from "./start-services.ts";
import { withProjectLock } from "./with-project-lock.ts";

export interface UpOptions {
  /** Services to start with what they depend on; empty: all. */
  readonly services: readonly string[];
  readonly waitTimeoutMs: number;
  readonly autoPorts: boolean;
  readonly attach: boolean;
  /** End units whose service is no longer in the file. */
  readonly removeOrphans: boolean;
  /** Services to leave out, with what depends on them. */
  readonly without: readonly string[];
  /** Judge the files first and refuse what cannot start. */
  readonly check: boolean;
}

/**
 * Brings a project up and resolves when everything is ready. What already runs as defined is left alone. Throws
 * ToolError for what keeps it from starting (exit 2) or from becoming ready (exit 1); what runs then keeps running.
 */
export async function up(context: ActionContext, options: ProjectOptions, wanted: UpOptions): Promise<StartedServices> {
  const session = await openEngineSession(context, options, async (loaded) => {
    const { chooseEngine } = await import("./docker/choose-engine.ts");
    return chooseEngine(context, options, loaded);
  });
  if (session.record !== undefined && chosenEngine(context, options, undefined) === undefined) {
    const name = session.engine === "docker" ? "Docker" : "the native engine";
    context.emit({ type: "note", message: `${session.project.name} runs under ${name}, as before.` });
  }
  assertServices(session.project, [...wanted.services, ...wanted.without]);
  const services = withoutServices(session.project, withDependencies(session.project, wanted.services), wanted.without);
  for (const { service, needs } of leftOut(session.project, wanted, services)) {
    context.emit({ type: "note", message: `${service} is left out too: it depends on ${needs}.` });
  }
  const faults = wanted.check ? await judgeStart(context, options, services) : [];
  if (session.engine === "native") announceNativeLimits(context, session, services);
  for (const service of services) context.emit({ type: "service", service, state: "preparing" });
  return withProjectLock(context, session, async (fresh): Promise<StartedServices> => {
    const { directory } = fresh.layout;
    await context.ports.files.makeDirectory(directory, { mode: 0o755 });
    await assertNoOpenPlan(context.ports, directory);
    await assertOneEngine(context, options, fresh);
    await tellFaults(context, join(directory, "told-faults.json"), faults);
    return withCause(context, options, fresh, () => startServices(context, fresh, options, services, wanted));
  });
}

/** Loaded only here: `--no-check` need not read the rules. */
async function judgeStart(
  context: ActionContext,
  options: ProjectOptions,
  services: readonly string[],
): Promise<readonly CheckedFinding[]> {
  const { assertStartable } = await import("./check/assert-startable.ts");
  return assertStartable(context, options, services);
}

/** What `--without` takes along, each with a dependency that is not started. */
function leftOut(
  project: Project,
  wanted: UpOptions,
  services: readonly string[],
): readonly { readonly service: string; readonly needs: string }[] {
  return withDependencies(project, wanted.services)
    .filter((service) => !services.includes(service) && !wanted.without.includes(service))
    .map((service) => {
      const needs = Object.keys(project.services[service]?.depends_on ?? {}).filter((one) => !services.includes(one));
      return { service, needs: needs.join(", ") };
    });
}
