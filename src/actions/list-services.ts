import type { ServiceRow } from "../core/result-rows.ts";
import { findSupervisor, recordedPorts, type NativeSession } from "../engine/native/native-session.ts";
import { readUnits } from "../engine/native/supervisor/read-units.ts";
import { describeServices } from "../stack/describe-services.ts";
import { askServices } from "../stack/confirm-stack.ts";
import { watchUnits } from "../stack/unit-watch.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { saveListing } from "./save-listing.ts";

/** Rows of all services of a project, started or not; each running one is asked once. */
export async function listServices(
  context: ActionContext,
  session: NativeSession,
  options: ProjectOptions,
): Promise<readonly ServiceRow[]> {
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
    const ports = recordedPorts(session);
    const rows = await askServices({ session, watch, ports, services, signal: context.signal });
    await saveListing(session, options, { rows, watch, ports });
    return rows;
  } finally {
    watch.close();
    client.close();
  }
}
