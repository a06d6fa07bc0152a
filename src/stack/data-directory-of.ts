import type { NativeSession } from "../engine/native/native-session.ts";
import { planMounts } from "../engine/native/plan-mounts.ts";
import { findDataDirectory } from "../engine/native/prepare-unit.ts";
import type { DatabaseServer } from "../topology/topology.ts";

/** Where a server's unit keeps its cluster, absolute; undefined for a service that the file does not have. */
export function dataDirectoryOf(session: NativeSession, { service, major }: DatabaseServer): string | undefined {
  const role = session.topology.services[service];
  return role && findDataDirectory(planMounts(session.project, role, session.layout), role, major);
}
