import type { ServiceRow } from "../core/result-rows.ts";
import { findSupervisor, recordedPorts, type NativeSession } from "../engine/native/native-session.ts";
import { readUnits } from "../engine/native/supervisor/read-units.ts";
import { describeServices } from "../stack/describe-services.ts";
import { askServices } from "../stack/confirm-stack.ts";
import { watchUnits } from "../stack/unit-watch.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { openSession } from "./open-project.ts";

/** The project's services as they are now, each running one asked once. Without `all`: those that ever started. */
export async function ps(
  context: ActionContext,
  options: ProjectOptions,
  { all }: { readonly all: boolean },
): Promise<{ readonly services: readonly ServiceRow[] }> {
  const session = await openSession(context, options);
  const rows = await listServices(context, session);
  return { services: all ? rows : rows.filter((row) => row.state !== "stopped") };
}

/** Rows of all services of a project, started or not. */
export async function listServices(context: ActionContext, session: NativeSession): Promise<readonly ServiceRow[]> {
  const services = Object.keys(session.project.services);
  const client = session.record === undefined ? undefined : await findSupervisor(session);
  if (client === undefined) {
    const ended = session.record === undefined ? [] : readUnits(session.layout.directory);
    return describeServices({
      session,
      services,
      ports: {},
      statuses: new Map(ended.map((status) => [status.service, status])),
      completed: new Set(),
      readiness: new Map(),
    });
  }
  const watch = await watchUnits(client);
  try {
    return await askServices({ session, watch, ports: recordedPorts(session), services, signal: context.signal });
  } finally {
    watch.close();
    client.close();
  }
}
