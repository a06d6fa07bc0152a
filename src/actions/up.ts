import { join } from "node:path";

import type { Project } from "../compose/project.ts";
import type { AccessRow, ServiceRow } from "../core/result-rows.ts";
import {
  findSupervisor,
  openSupervisor,
  settlePorts,
  shareResources,
  type NativeSession,
} from "../engine/native/native-session.ts";
import { supplyServices } from "../engine/native/supply-services.ts";
import { bringUp } from "../stack/bring-up.ts";
import { confirmStack } from "../stack/confirm-stack.ts";
import { listAccess } from "../stack/list-access.ts";
import { withDependencies, withoutServices } from "../stack/plan-waits.ts";
import { watchUnits } from "../stack/unit-watch.ts";
import { announceNativeLimits } from "./announce-native-limits.ts";
import { assertServices } from "./assert-services.ts";
import type { CheckedFinding } from "./check/check-project.ts";
import { tellFaults } from "./check/tell-faults.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openSession } from "./open-project.ts";
import { saveListing } from "./save-listing.ts";
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

export interface UpResult {
  readonly project: string;
  readonly engine: "native";
  readonly services: readonly ServiceRow[];
  readonly access: readonly AccessRow[];
  readonly ok: boolean;
}

/**
 * Brings a project up and resolves when everything is ready. What already runs as defined is left alone. Throws
 * ToolError for what keeps it from starting (exit 2) or from becoming ready (exit 1); what runs then keeps running.
 */
export async function up(context: ActionContext, options: ProjectOptions, wanted: UpOptions): Promise<UpResult> {
  const session = await openSession(context, options);
  assertServices(session.project, [...wanted.services, ...wanted.without]);
  const services = withoutServices(session.project, withDependencies(session.project, wanted.services), wanted.without);
  for (const { service, needs } of leftOut(session.project, wanted, services)) {
    context.emit({ type: "note", message: `${service} is left out too: it depends on ${needs}.` });
  }
  const faults = wanted.check ? await judgeStart(context, options, services) : [];
  announceNativeLimits(context, session, services);
  for (const service of services) context.emit({ type: "service", service, state: "preparing" });
  return withProjectLock(context, session, async (fresh) => {
    const { directory } = fresh.layout;
    await context.ports.files.makeDirectory(directory, { mode: 0o755 });
    await tellFaults(context, join(directory, "told-faults.json"), faults);
    return start(context, fresh, options, services, wanted);
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

async function start(
  context: ActionContext,
  session: NativeSession,
  options: ProjectOptions,
  services: readonly string[],
  wanted: UpOptions,
): Promise<UpResult> {
  const running = await runningServices(session);
  await settleOrphans(context, session, running, wanted.removeOrphans);
  // A taken port is said before anything is downloaded.
  const ports = await settlePorts(session, { running, taking: new Set(services), auto: wanted.autoPorts });
  const supplies = await supplyServices(session.supply, {
    project: session.project,
    sources: session.home.ports.sources,
    topology: session.topology,
    services,
    postgresDependency: context.postgresDependency,
    nodeDirectory: context.nodeDirectory,
  });
  const client = await openSupervisor(session);
  const watch = await watchUnits(client);
  try {
    const sharedResources = await shareResources(session);
    const { waitTimeoutMs } = wanted;
    await bringUp({
      session,
      client,
      watch,
      supplies,
      ports,
      sharedResources,
      services,
      waitTimeoutMs,
      runsOwnChecks: true,
    });
    const rows = await confirmStack({ session, watch, ports, services, signal: context.signal });
    await saveListing(session, options, { rows, watch, ports });
    return {
      project: session.project.name,
      engine: "native",
      services: rows,
      access: listAccess(session, ports, services),
      ok: rows.every((row) => row.state === "ready" || row.state === "completed"),
    };
  } finally {
    watch.close();
    client.close();
  }
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

/** Services whose unit runs now, or is tried again and again: the ports they hold are theirs. */
async function runningServices(session: NativeSession): Promise<ReadonlySet<string>> {
  const client = session.record === undefined ? undefined : await findSupervisor(session);
  if (client === undefined) return new Set();
  const statuses = await client.status();
  client.close();
  return new Set(
    statuses.filter(({ state }) => state !== "stopped" && state !== "exited").map((status) => status.service),
  );
}

/** Units of services that the file no longer has are told, as Compose tells them, or ended. */
async function settleOrphans(
  context: ActionContext,
  session: NativeSession,
  running: ReadonlySet<string>,
  remove: boolean,
): Promise<void> {
  const { services, disabledServices, name } = session.project;
  const orphans = [...running].filter((one) => services[one] === undefined && disabledServices[one] === undefined);
  if (orphans.length === 0) return;
  if (!remove) {
    const message = `${orphans.join(", ")} still runs in ${name}, but is no longer in the file.`;
    context.emit({ type: "warning", message, hint: "bulkhead up --remove-orphans" });
    return;
  }
  const client = await findSupervisor(session);
  try {
    for (const service of orphans) {
      context.emit({ type: "service", service, state: "stopped", detail: "stopping" });
      await client?.stop(service, { forget: true, signal: context.signal });
      context.emit({ type: "service", service, state: "stopped" });
    }
  } finally {
    client?.close();
  }
}
